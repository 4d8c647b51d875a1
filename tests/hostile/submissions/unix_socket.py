# exercise = "5d"
# tries = "a socket of this machine, such as that of a container engine"
# states = ["blocked by the sandbox"]
# share = 0.0
# checks = [0]
# evidence = "opens a socket"

import socket

socket.socket(socket.AF_UNIX).connect("/var/run/docker.sock")
