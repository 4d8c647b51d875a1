# exercise = "5d"
# tries = "to send a result itself"
# states = ["crashed", "needs review"]
# share = 0.0
# checks = [0]
# evidence = "sends messages of its own"

import json
import os

message = json.dumps(["?", "value", "fine", 0.1]).encode()
for fd in range(3, 300):
    try:
        os.write(fd, len(message).to_bytes(4, "little") + message)
    except OSError:
        pass
os._exit(0)
