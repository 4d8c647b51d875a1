# exercise = "10b"
# tries = "a kthread of the simkernel that never looks whether it should stop"
# states = ["failed", "timeout", "deadlock", "crashed"]
# share = 0.0
# checks = [0, 2]
# limit_s = 1.0

def serve(box):
    while True:
        wait_event_interruptible(box.door, lambda: box.items)
        while box.items:
            box.take()
