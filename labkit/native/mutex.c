/* The mutex of our own threads: an owner and a wait queue. unlock hands it to the first who waits, so nobody is overtaken. */
#include "inside.h"
#include "uthread.h"

_Static_assert(sizeof(struct queue) <= sizeof(((uthread_mutex_t *)0)->room), "the wait queue has room in the mutex");

int uthread_mutex_trylock(uthread_mutex_t *mutex)
{
    enter();
    uthread_t me = uthread_self();
    int ours = mutex->owner == 0;
    record_text(ours ? ACQUIRE : CONTEND, me, mutex->owner, mutex, mutex->name);
    if (ours)
        mutex->owner = me;
    leave();
    return ours;
}

void uthread_mutex_lock(uthread_mutex_t *mutex)
{
    enter();
    uthread_t me = uthread_self();
    if (mutex->owner == me)
        fail(__builtin_return_address(0), "locks %s, which it has locked already", mutex_name(mutex));
    if (!uthread_mutex_trylock(mutex)) {
        record_text(WAIT, me, 0, mutex, mutex->name);
        wait_in((struct queue *)mutex->room, mutex); /* whoever unlocks makes us the owner, then wakes us */
        record_text(ACQUIRE, me, 0, mutex, mutex->name);
    }
    leave();
}

void uthread_mutex_unlock(uthread_mutex_t *mutex)
{
    enter();
    if (mutex->owner != uthread_self())
        fail(__builtin_return_address(0), "unlocks %s, which %s has locked", mutex_name(mutex),
             mutex->owner ? uthread_name(mutex->owner) : "nobody");
    record_text(RELEASE, mutex->owner, 0, mutex, mutex->name);
    mutex->owner = wake_first((struct queue *)mutex->room);
    leave();
}
