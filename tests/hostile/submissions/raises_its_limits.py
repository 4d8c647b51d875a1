# exercise = "5d"
# tries = "to lift the limit of memory"
# states = ["blocked by the sandbox", "failed"]
# share = 0.0
# checks = [0]

import resource

resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
# THE COURSE'S OWN SOLUTION
