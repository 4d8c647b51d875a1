# %% [markdown] id="title"
# # Exercises 14 · Harder puzzles
#
# Seven classic puzzles, as in exercises 13: you write a small class, and the threads that use it are given. Semaphores, or a
# mutex with condition variables: both ways are right.
#
# `explore` runs every different schedule. If one fails, you see it step by step. Other checks let people come by the clock:
# `timetable("A0 B30", visit)` lets A come in second 0 and B in second 30; each calls `visit` with its letter, in a thread of its
# own. Back comes what each call gave. The clock is virtual: an hour costs nothing, and the run repeats exactly.
#
# Stuck? `hint("14a")` gives a nudge, then a pointer, then nearly the answer.

# %% id="imports"
from labkit import (  # noqa: F401 — some of them are for you
    Atomic, Condition, Mutex, Semaphore, explore, now, run, sched_yield, sleep, spawn,
)  # fmt: skip
from labkit.course import check, hint

# %% id="ask-for-a-hint" tags=["skip-execution"]
hint("14a")


# %% id="timetable"
def timetable(words, visit):
    """Everybody comes in the second that the word says; what visit(letter) gave to each."""

    def main():
        def come(word):
            sleep(int(word[1:]))
            return visit(word[0])

        threads = {word: spawn(come, word, name=word) for word in words.split()}
        return {word: thread.join() for word, thread in threads.items()}

    return run(main).result


# %% [markdown] id="14a-text"
# ## 14a · Dining philosophers
#
# `n` philosophers sit round a table. Between each two lies one fork; to eat one needs the forks on both sides. Seat `i` has
# fork `i` on its left and fork `(i + 1) % n` on its right.
#
# - **Never:** one fork is in two hands.
# - **Always:** everybody eats in the end, and two who share no fork can eat at the same time.
#
# A philosopher calls `take(seat)`, eats, and calls `put_back(seat)`. Three ideas work: an order, a waiter, or one seat fewer.
#
# Source: E. W. Dijkstra, *Hierarchical ordering of sequential processes*, 1971; Downey, *The Little Book of Semaphores*, 2nd
# edition 2016, chapter 4, "Dining philosophers".


# %% id="14a-given"
def dinner(n):
    """n philosophers sit down, and each eats once."""

    def evening():
        table, hand = Table(n), ["nobody"] * n

        def philosopher(me, left, right):
            table.take(left)
            hand[left] = hand[right] = me
            assert hand[left] == me, f"{me} eats, and {hand[left]} has the left fork"
            assert hand[right] == me, f"{me} eats, and {hand[right]} has the right fork"
            table.put_back(left)

        for thread in [spawn(philosopher, name, i, (i + 1) % n, name=name) for i, name in enumerate("ABCDE"[:n])]:
            thread.join()

    return evening


# %% id="14a-clock"
def meals(n, words):
    """In which second each philosopher began to eat; A has seat 0, B seat 1, and so on. Everybody eats for 10 seconds."""
    table = Table(n)

    def visit(name):
        seat = "ABCDE".index(name)
        table.take(seat)
        began = round(now())
        sleep(10)
        table.put_back(seat)
        return began

    return timetable(words, visit)


# %% id="14a-solution" tags=["exercise"]
class Table:
    """A table with n seats and n forks."""

    def __init__(self, n):
        ### BEGIN SOLUTION
        self.n = n
        self.forks = [Mutex(f"fork {i}") for i in range(n)]
        ### END SOLUTION

    def take(self, seat):
        """Take the fork left of this seat and the fork right of it; wait while a neighbour has one."""
        ### BEGIN SOLUTION
        for fork in sorted((seat, (seat + 1) % self.n)):  # all take the lower number first: no circle
            self.forks[fork].acquire()
        ### END SOLUTION

    def put_back(self, seat):
        """Put both forks back."""
        ### BEGIN SOLUTION
        self.forks[seat].release()
        self.forks[(seat + 1) % self.n].release()
        ### END SOLUTION


# %% id="14a-check" tags=["check"]
check("callable(Table(2).take)", why="all philosophers share one Table(n) and call its take(seat) and put_back(seat)")
check("meals(3, 'A0 B1')", {"A0": 0, "B1": 10}, why="B sleeps until A puts back the fork between them")
check("explore(dinner(2), runs=3000)", why="who holds one fork and waits for another can be part of a circle")
check("explore(dinner(3), runs=3000)", why="no circle of waiting round the table, however many sit there")
check("meals(4, 'A0 C1')", {"A0": 0, "C1": 1}, why="over-locking: A and C share no fork, so they eat at the same time")
### BEGIN HIDDEN TESTS
check("explore(dinner(2), spurious=True, runs=3000)", why="whoever wakes looks again: a wait stands in a while")
check("explore(dinner(3), spurious=True, runs=3000)", why="whoever wakes looks again: a wait stands in a while")
check("meals(5, 'A0 C1 E20 D25')", {"A0": 0, "C1": 1, "E20": 20, "D25": 30}, why="n is what the table was made with")
check("meals(5, 'B0 C1')", {"B0": 0, "C1": 10}, why="neighbours share a fork, wherever they sit")
### END HIDDEN TESTS

# %% [markdown] id="14b-text"
# ## 14b · Building water
#
# Atoms come, in any order. Two hydrogen atoms and one oxygen atom make a molecule of water. An atom waits until the other two
# of its molecule are there; then the three go on.
#
# - **Never:** an atom goes on without a whole molecule.
# - **Always:** as soon as two H and one O wait, three of them go on; the rest waits for the next molecule.
#
# Each atom calls `bond("H")` or `bond("O")` once. Which of several H goes on first, is free.
#
# Source: Downey, chapter 5, "Building H2O".


# %% id="14b-given"
def molecule(atoms):
    """Atoms, such as "HHO", come and make one molecule."""

    def water():
        pot, came = Water(), [False] * len(atoms)

        def atom(me):
            came[me] = True
            pot.bond(atoms[me])
            for other, kind in enumerate(atoms):
                assert came[other], f"{atoms[me]} went on, and {kind} number {other + 1} was missing"

        for thread in [spawn(atom, me, name=f"{kind}{me + 1}") for me, kind in enumerate(atoms)]:
            thread.join()

    return water


# %% id="14b-clock"
def bonds(words):
    """In which seconds atoms went on, from the first to the last."""
    pot = Water()

    def visit(kind):
        pot.bond(kind)
        return round(now())

    return sorted(timetable(words, visit).values())


# %% id="14b-solution" tags=["exercise"]
class Water:
    """A place where two H and one O wait for one another."""

    def __init__(self):
        ### BEGIN SOLUTION
        self.lock = Mutex("counts")
        self.waiting = {"H": 0, "O": 0}
        self.go = {"H": Semaphore(0, "H may go"), "O": Semaphore(0, "O may go")}
        ### END SOLUTION

    def bond(self, kind):
        """Wait until I am part of a whole molecule."""
        ### BEGIN SOLUTION
        with self.lock:
            self.waiting[kind] += 1
            if self.waiting["H"] >= 2 and self.waiting["O"] >= 1:  # I was the one who was missing
                self.waiting["H"] -= 2
                self.waiting["O"] -= 1
                self.go["H"].release(2)
                self.go["O"].release()
        self.go[kind].acquire()
        ### END SOLUTION


# %% id="14b-check" tags=["check"]
check("callable(Water().bond)", why="all atoms share one Water() and call its bond(kind)")
check("bonds('H0 H1 O9')", [9, 9, 9], why="the first two sleep until the molecule is whole, then all three go on")
check("explore(molecule('HHO'), races=True, runs=500)", why="the last one opens for all; to count and to look is one step")
check("bonds('O0 O1 H2 H3 H4 H5')", [3, 3, 3, 5, 5, 5], why="three atoms are not enough: it must be two H and one O")
check("bonds('H0 H1 H2 H3 O4 O5')", [4, 4, 4, 5, 5, 5], why="one O takes two H along, not all of them")
### BEGIN HIDDEN TESTS
check("explore(molecule('HHO'), spurious=True, runs=3000)", why="whoever wakes looks again: a wait stands in a while")
check("bonds('H0 O1 O2 H3 H4 H5')", [3, 3, 3, 5, 5, 5], why="who is left over waits for the next molecule")
check("bonds('O0 H1 H2 O3 H4 H5 H6 O7 H8')", [2, 2, 2, 5, 5, 5, 8, 8, 8], why="one molecule after the other, for ever")
check("bonds('H0 H1 O2 H3 H4 O5')", [2, 2, 2, 5, 5, 5], why="the second molecule is made like the first")
### END HIDDEN TESTS

# %% [markdown] id="14c-text"
# ## 14c · Cigarette smokers
#
# A cigarette needs tobacco (T), paper (P) and a match (M). Three smokers have one thing each, as much as they want. An agent
# puts the two other things on the table; the smoker who lacks just these smokes. Then the agent puts down two more.
#
# - **Never:** a smoker smokes when it is another one's turn.
# - **Always:** the right smoker smokes.
#
# **The agent may not be changed:** it releases one semaphore for each thing, and knows no smoker. So each thing has a pusher, a
# thread that calls `push(thing)` again and again. A smoker calls `wait_for_rest(mine)`.
#
# Source: S. S. Patil, MIT, 1971; Downey, chapter 4, "Cigarette smokers problem".


# %% id="14c-smokers"
def smoker(pushers, mine, cigarettes, deal, smoked):
    """Smokes so many cigarettes, each when the two things that he lacks are on the table."""
    for _ in range(cigarettes):
        pushers.wait_for_rest(mine)
        assert mine not in deal[0], f"on the table is {deal[0]}, and the smoker who has {mine} smokes"
        smoked.release()


def pusher(pushers, thing, times):
    """Looks after one thing."""
    for _ in range(times):
        pushers.push(thing)


# %% id="14c-people"
def start_all(pushers, deals, deal, smoked):
    """A pusher for each thing that will come, and the three smokers."""
    people = [spawn(pusher, pushers, t, deals.count(t), name=f"pusher_{t}") for t in "TPM" if t in deals]
    for mine in "TPM":
        cigarettes = len(deals.split()) - deals.count(mine)
        people.append(spawn(smoker, pushers, mine, cigarettes, deal, smoked, name=f"smoker_{mine}"))
    return people


def put_down(on_table, things, pause):
    """The agent puts two things on the table, after a pause."""
    if pause:
        sleep(pause)
    for thing in things:
        on_table[thing].release()


# %% id="14c-given"
def agent(deals, pause=0):
    """The agent deals, such as "TP PM": each time two things come on the table."""

    def smoking_room():
        on_table, smoked, deal = {t: Semaphore(0, t) for t in "TPM"}, Semaphore(0, "somebody has smoked"), [""]
        people = start_all(Pushers(on_table), deals, deal, smoked)
        for deal[0] in deals.split():
            put_down(on_table, deal[0], pause)
            smoked.acquire()
        for thread in people:
            thread.join()

    return smoking_room


# %% id="14c-solution" tags=["exercise"]
class Pushers:
    """What the pushers know together, and where the smokers wait. on_table["T"] is the agent's semaphore for tobacco."""

    def __init__(self, on_table):
        self.on_table = on_table
        ### BEGIN SOLUTION
        self.seen = ""
        self.lock = Mutex("seen")
        self.turn = {thing: Semaphore(0, f"turn of {thing}") for thing in "TPM"}
        ### END SOLUTION

    def push(self, thing):
        """Wait until this thing is put on the table; if it is the second one, tell the right smoker."""
        ### BEGIN SOLUTION
        self.on_table[thing].acquire()
        with self.lock:
            self.seen += thing
            if len(self.seen) == 2:
                for mine in "TPM":
                    if mine not in self.seen:
                        self.turn[mine].release()
                self.seen = ""
        ### END SOLUTION

    def wait_for_rest(self, mine):
        """Wait until the two things that are not mine are on the table, and take them."""
        ### BEGIN SOLUTION
        self.turn[mine].acquire()
        ### END SOLUTION


# %% id="14c-check" tags=["check"]
check("callable(Pushers({}).push)", why="pushers and smokers share one Pushers(on_table) and call push and wait_for_rest")
check("run(agent('TP', 3600)).result", None, why="all sleep until the agent comes, and then the smoker with the match smokes")
check("explore(agent('TP'), runs=3000)", why="each pusher sees one thing only; to add it and to look must be one step")
check("explore(agent('TP PM'), runs=3000)", why="what is on the table is known to both pushers together, not to a smoker")
### BEGIN HIDDEN TESTS
check("run(agent('TP PM TM')).result", None, why="three deals in a row, and nobody smokes with what was left over")
check("explore(agent('TP'), spurious=True, runs=3000)", why="whoever wakes looks again: a wait stands in a while")
check("explore(agent('TP TP'), runs=3000)", why="after each cigarette the table is empty again")
check("explore(agent('MT'), runs=3000)", why="any two things, in any order")
### END HIDDEN TESTS

# %% [markdown] id="14d-text"
# ## 14d · Unisex bathroom
#
# An office has one bathroom, with room for `n` people, for women (W) and men (M).
#
# - **Never:** women and men are inside together; never more than `n` people.
# - **Always:** `n` people of one kind can be inside at the same time, and when the last one leaves, the other kind may come in.
#
# Each calls `enter(kind)` and `leave(kind)`, with "W" or "M". If women keep coming, men may wait for ever: here that is
# allowed. (How you would prevent it, 13g shows.)
#
# Source: G. R. Andrews, *Concurrent Programming: Principles and Practice*, 1991; Downey, chapter 6, "The unisex bathroom
# problem".


# %% id="14d-person"
def person(bathroom, kind, n, inside):
    """Goes in, looks round, and leaves; gives how many were inside."""
    other = "M" if kind == "W" else "W"
    bathroom.enter(kind)
    seen = inside[kind].fetch_add(1) + 1
    assert seen <= n, f"{seen} people are inside, and there is room for {n}"
    assert inside[other].load() == 0, f"a {kind} came in, and a {other} was inside"
    inside[kind].fetch_add(-1)
    bathroom.leave(kind)


# %% id="14d-given"
def office(n, people):
    """People, such as "WWM", come to a bathroom for n."""

    def corridor():
        bathroom = Bathroom(n)
        inside = {kind: Atomic(0, name=f"{kind} inside") for kind in "WM"}
        coming = [spawn(person, bathroom, kind, n, inside, name=f"{kind}{me + 1}") for me, kind in enumerate(people)]
        for thread in coming:
            thread.join()

    return corridor


# %% id="14d-friends"
def friend(bathroom, me, other):
    """Goes in, and waits there for a friend of the same kind."""
    bathroom.enter("W")
    me.release()
    other.acquire()
    bathroom.leave("W")


def two_together():
    """While a man is inside two women come, and want to be inside together."""
    bathroom, ann, eva = Bathroom(2), Semaphore(0, "Ann is inside"), Semaphore(0, "Eva is inside")
    bathroom.enter("M")
    friends = [spawn(friend, bathroom, ann, eva, name="Ann"), spawn(friend, bathroom, eva, ann, name="Eva")]
    bathroom.leave("M")
    for thread in friends:
        thread.join()


# %% id="14d-clock"
def visits(n, words):
    """In which second each came in; everybody stays for 10 seconds."""
    bathroom = Bathroom(n)

    def visit(kind):
        bathroom.enter(kind)
        came_in = round(now())
        sleep(10)
        bathroom.leave(kind)
        return came_in

    return timetable(words, visit)


# %% id="14d-solution" tags=["exercise"]
class Bathroom:
    """Room for n people of one kind."""

    def __init__(self, n):
        ### BEGIN SOLUTION
        self.empty = Semaphore(1, "empty")  # taken by all women together, or by all men
        self.count = {"W": 0, "M": 0}
        self.lock = {"W": Mutex("women"), "M": Mutex("men")}
        self.room = {"W": Semaphore(n, "room for women"), "M": Semaphore(n, "room for men")}
        ### END SOLUTION

    def enter(self, kind):
        """Go in; wait while the other kind is inside, or n people."""
        ### BEGIN SOLUTION
        with self.lock[kind]:
            self.count[kind] += 1
            if self.count[kind] == 1:  # the first one switches the light on, and the others wait at the lock meanwhile
                self.empty.acquire()
        self.room[kind].acquire()
        ### END SOLUTION

    def leave(self, kind):
        """Go out; the last one lets the other kind in."""
        ### BEGIN SOLUTION
        self.room[kind].release()
        with self.lock[kind]:
            self.count[kind] -= 1
            if self.count[kind] == 0:
                self.empty.release()
        ### END SOLUTION


# %% id="14d-check" tags=["check"]
check("callable(Bathroom(2).enter)", why="everybody shares one Bathroom(n) and calls its enter(kind) and leave(kind)")
check("visits(2, 'W0 M1')", {"W0": 0, "M1": 10}, why="M1 sleeps until W0 has left in second 10")
check("explore(office(2, 'WM'), runs=3000)", why="to see that the other kind is not there and to go in must be one step")
check("visits(2, 'W0 W1 W2')", {"W0": 0, "W1": 1, "W2": 10}, why="two women are inside together; the third waits for room")
check("visits(2, 'W0 W5 M6')", {"W0": 0, "W5": 5, "M6": 15}, why="the last one lets the men in, not the first one who leaves")
check("explore(office(2, 'WWM'), runs=1000)", why="the first one in closes for the other kind, the last one out opens")
check("explore(two_together, runs=3000)", why="when the man leaves, both women may come in, whichever wakes first")
### BEGIN HIDDEN TESTS
check("explore(office(1, 'WM'), spurious=True, runs=3000)", why="whoever wakes looks again: a wait stands in a while")
check("explore(office(1, 'WW'), runs=3000)", why="room for one is room for one")
check("explore(office(1, 'MM'), spurious=True, runs=3000)", why="the same rules for both kinds; whoever wakes looks again")
check("explore(office(2, 'MMW'), runs=3000)", why="the same rules for both kinds")
check(
    "visits(3, 'M0 M1 M2 M3 W4')",
    {"M0": 0, "M1": 1, "M2": 2, "M3": 10, "W4": 20},
    why="n is what the bathroom was made with; M3 still goes before W4, since men are inside",
)
check("visits(1, 'W0 M20 W40')", {"W0": 0, "M20": 20, "W40": 40}, why="an empty bathroom is open to both kinds")
### END HIDDEN TESTS

# %% [markdown] id="14e-text"
# ## 14e · River crossing
#
# Hackers (H) and serfs (S) want to cross a river. The boat holds exactly four, and does not leave with fewer. Nobody may be
# alone among three of the other kind.
#
# - **Never:** a boat leaves with fewer than four, or with three of one kind and one of the other.
# - **Always:** as soon as four fit, they leave: four of a kind, or two and two. Exactly one of the four rows.
#
# Each calls `board(kind)` once. It comes back when the boat leaves, with True for the one who rows, False for the others.
#
# Source: Downey, chapter 5, "River crossing problem".


# %% id="14e-given"
def river(people):
    """Four people, such as "HHSS", cross in one boat."""

    def shore():
        boat, came = Boat(), [False] * 4

        def passenger(me):
            came[me] = True
            rows = boat.board(people[me])
            for other, kind in enumerate(people):
                assert came[other], f"{people[me]} left, and {kind} number {other + 1} was not there"
            return rows

        crew = [thread.join() for thread in [spawn(passenger, me, name=f"{kind}{me + 1}") for me, kind in enumerate(people)]]
        assert crew.count(True) == 1, f"{crew.count(True)} people row one boat"

    return shore


# %% id="14e-clock"
def boats(words):
    """In which seconds people left the shore, from the first to the last, and how many of them rowed."""
    boat = Boat()

    def visit(kind):
        rows = boat.board(kind)
        return round(now()), rows

    trips = timetable(words, visit).values()
    return sorted(second for second, _ in trips), sum(rows for _, rows in trips)


# %% id="14e-solution" tags=["exercise"]
class Boat:
    """A boat for four."""

    def __init__(self):
        ### BEGIN SOLUTION
        self.lock = Mutex("shore")
        self.waiting = {"H": 0, "S": 0}
        self.go = {"H": Semaphore(0, "H may board"), "S": Semaphore(0, "S may board")}
        ### END SOLUTION

    def board(self, kind):
        """Wait until I am one of four who fit; True if I row."""
        ### BEGIN SOLUTION
        other = "S" if kind == "H" else "H"
        with self.lock:
            self.waiting[kind] += 1
            crew = None
            if self.waiting[kind] == 4:
                crew = {kind: 4, other: 0}
            elif self.waiting[kind] >= 2 and self.waiting[other] >= 2:
                crew = {kind: 2, other: 2}
            if crew:  # I am the last one: I let the others go, and row
                for each, number in crew.items():
                    self.waiting[each] -= number
                self.go[kind].release(crew[kind] - 1)
                if crew[other]:
                    self.go[other].release(crew[other])
                return True
        self.go[kind].acquire()
        return False
        ### END SOLUTION


# %% id="14e-check" tags=["check"]
check("callable(Boat().board)", why="all share one Boat() and call its board(kind)")
check("boats('H0 H1 S2 S9')", ([9, 9, 9, 9], 1), why="three sleep until the fourth comes; then all four leave, and one rows")
check("boats('H0 H1 H2 S3 S4 H5 H6 H7')", ([4, 4, 4, 4, 7, 7, 7, 7], 2), why="three to one does not fit: they wait for S4")
check("explore(river('HHSS'), runs=1000)", why="the fourth sees that four are there: to count and to look is one step")
check("boats('H0 H1 H2 H3')", ([3, 3, 3, 3], 1), why="four of a kind fit too")
### BEGIN HIDDEN TESTS
check("explore(river('HHHH'), runs=3000)", why="four of a kind leave together, and one of them rows")
check("boats('S0 S1 S2 H3 H4 S5 S6 S7')", ([4, 4, 4, 4, 7, 7, 7, 7], 2), why="the same rule for both kinds")
check("boats('S0 H1 S2 S3 S4 H5 H6 H7')", ([4, 4, 4, 4, 7, 7, 7, 7], 2), why="four S leave, and H1 waits for three more H")
check("boats('S0 H1 S2 S3 H4 S5 H6 H7')", ([4, 4, 4, 4, 7, 7, 7, 7], 2), why="who is left over is still counted")
### END HIDDEN TESTS

# %% [markdown] id="14f-text"
# ## 14f · Sleeping barber
#
# A barber cuts one head at a time. Next door are `chairs` chairs to wait on. With no customer he sleeps. Who finds
# all chairs taken leaves again.
#
# - **Never:** a customer goes before his hair is cut; more than `chairs` people wait.
# - **Always:** who finds a free chair is served, in the order of arrival; with somebody waiting the barber does not sleep.
#
# A customer calls `visit()`: False at once if all chairs are taken, or True when his hair is cut. The barber calls
# `next_customer()`, which waits for one and calls him from his chair, cuts, and calls `done()`.
#
# Source: Dijkstra, *Cooperating sequential processes*, 1965; Downey, chapter 5, "The barbershop problem".


# %% id="14f-barber"
def barber(shop, customers, cut):
    """Serves so many customers."""
    for number in range(customers):
        shop.next_customer()
        cut[number] = True
        shop.done()


# %% id="14f-given"
def working_day(chairs, customers):
    """So many customers come to a barber, and there are chairs for all of them."""

    def barbershop():
        shop, cut = Barbershop(chairs), [False] * customers

        def customer():
            assert shop.visit(), "a customer was sent away, and there was a chair for him"
            assert cut[0], "a customer left, and no hair was cut yet"

        people = [spawn(barber, shop, customers, cut, name="barber")]
        for thread in people + [spawn(customer, name=name) for name in ("Ann", "Bob", "Cem")[:customers]]:
            thread.join()

    return barbershop


# %% id="14f-clock"
def customers(chairs, words):
    """In which second each customer left, or "full". Z is the barber, who cuts three heads, 10 seconds each."""
    shop = Barbershop(chairs)

    def visit(who):
        if who == "Z":
            for _ in range(3):
                shop.next_customer()
                sleep(10)
                shop.done()
            return "home"
        return round(now()) if shop.visit() else "full"

    return timetable(words, visit)


# %% id="14f-solution" tags=["exercise"]
class Barbershop:
    """A barber, and chairs to wait on."""

    def __init__(self, chairs):
        ### BEGIN SOLUTION
        self.free = chairs
        self.lock = Mutex("chairs")
        self.customer = Semaphore(0, "a customer waits")
        self.cut = Semaphore(0, "hair is cut")
        ### END SOLUTION

    def visit(self):
        """Wait for my haircut: True when it is done; False at once if all chairs are taken."""
        ### BEGIN SOLUTION
        with self.lock:
            if self.free == 0:
                return False
            self.free -= 1
        self.customer.release()
        self.cut.acquire()  # served in the order of arrival
        return True
        ### END SOLUTION

    def next_customer(self):
        """Sleep until a customer waits, and call him from his chair."""
        ### BEGIN SOLUTION
        self.customer.acquire()
        with self.lock:
            self.free += 1
        ### END SOLUTION

    def done(self):
        """The hair of the customer whom I called is cut."""
        ### BEGIN SOLUTION
        self.cut.release()
        ### END SOLUTION


# %% id="14f-check" tags=["check"]
check("callable(Barbershop(1).visit)", why="all share one Barbershop(chairs) and call visit(), next_customer() and done()")
check(
    "customers(3, 'Z0 A3600 B3601 C3602')",
    {"Z0": "home", "A3600": 3610, "B3601": 3620, "C3602": 3630},
    why="the barber sleeps for an hour, and each customer leaves when his own hair is cut",
)
check("explore(working_day(1, 1), runs=3000)", why="a customer wakes the barber, and stays until his hair is cut")
check("customers(1, 'Z0 A1 B2 C3 D12')", {"Z0": "home", "A1": 11, "B2": 21, "C3": "full", "D12": 31}, why="C3 goes at once")
check("explore(working_day(2, 2), races=True, runs=1000)", why="two come at once: to look for a chair and to take it is one step")
### BEGIN HIDDEN TESTS
check("explore(working_day(1, 1), spurious=True, runs=3000)", why="whoever wakes looks again: a wait stands in a while")
check(
    "customers(2, 'A0 B1 C2 Z5 D6 E7')",
    {"A0": 15, "B1": 25, "C2": "full", "Z5": "home", "D6": 35, "E7": "full"},
    why="who comes before the barber waits for him; who is called leaves his chair",
)
### END HIDDEN TESTS

# %% [markdown] id="14g-text"
# ## 14g · Santa Claus
#
# Santa sleeps until all his reindeer (R) are back and he can harness them, or until a full group of elves (E) needs his help.
#
# - **Never:** Santa begins before all the reindeer, or a whole group of elves, are there. A further elf is not helped with them.
# - **Always:** if both kinds wait, the reindeer go first. Elves left over are helped when their own group is full.
#
# Everybody calls `wait_for_santa(kind)`, which comes back when Santa is done with this group. Santa calls `next_group()`, which
# waits and gives "R" or "E", helps, and calls `done()`.
#
# Source: J. A. Trono, *A new exercise in concurrency*, 1994; Downey, chapter 5, "The Santa Claus problem".


# %% id="14g-people"
def santa(shop, people, size, came, helped):
    """Helps one group after the other."""
    for _ in range(len(people) // size):
        first = people.index(shop.next_group())
        for one in range(first, first + size):
            assert came[one], f"Santa began, and {people[one]}{one + 1} was not there"
            helped[one] = True
        shop.done()


def helper(shop, kind, me, came, helped):
    """A reindeer or an elf."""
    came[me] = True
    shop.wait_for_santa(kind)
    assert helped[me], f"{kind}{me + 1} left, and Santa had not helped yet"


# %% id="14g-given"
def december(people, size=2):
    """Reindeer, such as "RR", or elves ("EE") come to Santa, in groups of this size."""

    def christmas():
        shop, came, helped = Workshop(size, size), [False] * len(people), [False] * len(people)
        threads = [spawn(santa, shop, people, size, came, helped, name="Santa")]
        for me, kind in enumerate(people):
            threads.append(spawn(helper, shop, kind, me, came, helped, name=f"{kind}{me + 1}"))
        for thread in threads:
            thread.join()

    return christmas


# %% id="14g-clock"
def winter(words, reindeer=2, group=2):
    """In which second each left. Z is Santa: he takes one turn for each group, 10 seconds each."""
    shop, turns = Workshop(reindeer, group), words.count("R") // reindeer + words.count("E") // group

    def visit(kind):
        if kind == "Z":
            for _ in range(turns):
                shop.next_group()
                sleep(10)
                shop.done()
        else:
            shop.wait_for_santa(kind)
        return round(now())

    return timetable(words, visit)


# %% id="14g-solution" tags=["exercise"]
class Workshop:
    """Santa, so many reindeer, and elves who come to him in groups."""

    def __init__(self, reindeer, group):
        ### BEGIN SOLUTION
        self.size = {"R": reindeer, "E": group}
        self.waiting = {"R": 0, "E": 0}
        self.lock = Mutex("counts")
        self.wake = Semaphore(0, "a group waits")
        self.go = {"R": Semaphore(0, "reindeer may go"), "E": Semaphore(0, "elves may go")}
        ### END SOLUTION

    def wait_for_santa(self, kind):
        """Wait until my group is complete, and Santa is done with it."""
        ### BEGIN SOLUTION
        with self.lock:
            self.waiting[kind] += 1
            if self.waiting[kind] % self.size[kind] == 0:  # I am the last one of a group
                self.wake.release()
        self.go[kind].acquire()
        ### END SOLUTION

    def next_group(self):
        """Sleep until a group waits: "R" if all the reindeer do, or else "E"."""
        ### BEGIN SOLUTION
        self.wake.acquire()
        with self.lock:
            self.kind = "R" if self.waiting["R"] >= self.size["R"] else "E"
            self.waiting[self.kind] -= self.size[self.kind]
        return self.kind
        ### END SOLUTION

    def done(self):
        """Let the group go that next_group() gave."""
        ### BEGIN SOLUTION
        self.go[self.kind].release(self.size[self.kind])
        ### END SOLUTION


# %% id="14g-check" tags=["check"]
check("callable(Workshop(2, 2).next_group)", why="all share one Workshop(reindeer, group), Santa too")
check("winter('Z0 R1 R3600')", {"Z0": 3610, "R1": 3610, "R3600": 3610}, why="both wait until Santa, woken by R3600, is done")
check("explore(december('RR'), runs=3000)", why="the last one wakes Santa once, and all stay until he is done")
check("explore(december('EE'), races=True, runs=3000)", why="to count and to see that I am the last one is one step")
check("winter('E0 E1 R2 R3 Z9')", {"E0": 29, "E1": 29, "R2": 19, "R3": 19, "Z9": 29}, why="both wait: the reindeer go first")
check(
    "winter('Z0 E1 E2 E3 E40')",
    {"Z0": 50, "E1": 12, "E2": 12, "E3": 50, "E40": 50},
    why="the third elf waits for one more: he is not helped with the group before him",
)
### BEGIN HIDDEN TESTS
check(
    "winter('Z0 R1 E2 R20 E40')",
    {"Z0": 50, "R1": 30, "E2": 50, "R20": 30, "E40": 50},
    why="a reindeer and an elf are no group: each kind is counted for itself",
)
check(
    "winter('E0 E1 E2 Z9 E40')",
    {"E0": 19, "E1": 19, "E2": 50, "Z9": 50, "E40": 50},
    why="three elves are one group, and one who waits for the next",
)
check(
    "winter('Z0 E1 E2 E3 E4 R5 R6')",
    {"Z0": 32, "E1": 12, "E2": 12, "E3": 32, "E4": 32, "R5": 22, "R6": 22},
    why="after each turn Santa looks for reindeer first; elves who wait are not forgotten",
)
check(
    "winter('Z0 R1 R2 E3 E20 R40', 3, 1)",
    {"Z0": 50, "R1": 50, "R2": 50, "E3": 13, "E20": 30, "R40": 50},
    why="as many reindeer, and groups as large, as the workshop was made with",
)
check("explore(december('RE', 1), runs=3000)", why="two groups come at once: Santa is woken once for each")
check("explore(december('R', 1), spurious=True, runs=3000)", why="whoever wakes looks again: a wait stands in a while")
### END HIDDEN TESTS

# %% [markdown] id="how-could-this-pass"
# ## How could this pass and be wrong?
#
# A proof by exploring holds for the program that was explored. A rule such as "never three to one" needs five people to be
# broken: then we let them come by the clock, and see one schedule only. Ask of each check which of the two it is.
#
# **Keep this.** Count and look in one step; the first one closes, the last one opens; and let also those come whose turn it is
# not.
#
# Words: [glossary](../GLOSSARY.md)
