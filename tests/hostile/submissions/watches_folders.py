# exercise = "5d"
# tries = "to watch whose files are opened, by inotify"
# states = ["blocked by the sandbox", "failed"]
# share = 0.0
# checks = [0]

import ctypes

libc = ctypes.CDLL(None)
watch = libc.inotify_init1(0)
if watch < 0 or libc.inotify_add_watch(watch, b"/tmp", 0xFFF) < 0:
    raise PermissionError("refused")
# THE COURSE'S OWN SOLUTION
