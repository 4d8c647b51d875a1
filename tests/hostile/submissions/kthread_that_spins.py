# exercise = "10b"
# tries = "a kthread that spins and never sleeps"
# states = ["failed", "timeout", "crashed"]
# share = 0.0
# checks = [0]
# limit_s = 0.5

def serve(box):
    while True:
        if box.items:
            box.take()
