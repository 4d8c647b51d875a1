# exercise = "5d"
# tries = "to send what it knows in a question to a name server"
# states = ["blocked by the sandbox"]
# share = 0.0
# checks = [0]

import socket

socket.getaddrinfo("secret.example.org", 80)
