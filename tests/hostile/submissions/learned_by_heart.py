# exercise = "5d"
# tries = "the answers of the checks that it can see"
# states = ["failed"]
# share = 0.4667
# checks = "all"

SEEN = {
    "create exit join": "fine", "create detach exit": "fine", "create join join": "join after join",
    "create detach join": "join after detach", "create exit": "zombie", "create-detached exit": "fine",
    "create join-self": "joins itself",
}


def judge(calls):
    return SEEN.get(" ".join(calls))
