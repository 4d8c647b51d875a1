# %% id="heap" why="a heap with a running number for equals"
def run_threads(threads, clock):
    import heapq
    from itertools import count

    runq, sleepers, number = list(threads), [], count()
    while runq or sleepers:
        if runq:
            thread = runq.pop(0)
            try:
                seconds = next(thread)
            except StopIteration:
                continue
            if seconds is None:
                runq.append(thread)
            else:
                heapq.heappush(sleepers, (clock.now + seconds, next(number), thread))
        else:
            clock.jump_to(sleepers[0][0])
            while sleepers and sleepers[0][0] <= clock.now:
                runq.append(heapq.heappop(sleepers)[2])

# %% id="by-moment" why="a dict from moment to those who wake then"
def run_threads(threads, clock):
    asleep = {}
    runq = deque(threads)
    while True:
        while runq:
            thread = runq.popleft()
            for seconds in thread:
                if seconds is None:
                    runq.append(thread)
                else:
                    asleep.setdefault(clock.now + seconds, []).append(thread)
                break
        if not asleep:
            return
        moment = min(asleep)
        clock.jump_to(moment)
        runq.extend(asleep.pop(moment))
