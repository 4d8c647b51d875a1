# exercise = "5d"
# tries = "the network"
# states = ["blocked by the sandbox"]
# share = 0.0
# checks = [0]
# evidence = "opens a socket"

import socket

socket.create_connection(("192.0.2.1", 80), timeout=1)
