# exercise = "5d"
# tries = "faulthandler ends the process later, whatever runs then"
# states = ["crashed"]
# share = 0.0
# checks = [0]
# limit_s = 2.0

import faulthandler

faulthandler.dump_traceback_later(0.05, exit=True)
while True:
    pass
