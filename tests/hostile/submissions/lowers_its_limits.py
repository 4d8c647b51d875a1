# exercise = "5d"
# tries = "limits so low that the grader's own code in the process may fail"
# states = ["passed", "needs review", "failed", "out of memory", "crashed", "blocked by the sandbox"]
# checks = [0]

import resource

# THE COURSE'S OWN SOLUTION

resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
resource.setrlimit(resource.RLIMIT_AS, (1 << 20, 1 << 20))
