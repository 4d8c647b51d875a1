/* pthread's names for uthread.h: a program that includes <pthread.h> runs unchanged on every machine.
 *
 * Only what the course uses is here; the rest of pthread is missing and the compiler says so. Attributes other than NULL are
 * refused at compile time, because N:1 threads could not keep their promise.
 */
#ifndef LABKIT_NAMES_PTHREAD_H
#define LABKIT_NAMES_PTHREAD_H

#include <errno.h>
#include <sched.h>
#include "uthread.h"

typedef uthread_t pthread_t;
typedef uthread_mutex_t pthread_mutex_t;
#define PTHREAD_MUTEX_INITIALIZER { .name = NULL }

/* Why: with attributes of type "pointer to nothing known" any real attribute is an error of types that names this line. */
struct labkit_knows_no_pthread_attributes;

/* Why ({ ... }) and not functions: a message about a call names the line on which the program makes it. */
#define pthread_create(thread, attributes, fn, arg)                                  \
    ({                                                                               \
        const struct labkit_knows_no_pthread_attributes *labkit_none = (attributes); \
        (void)labkit_none;                                                           \
        *(thread) = uthread_create(NULL, (fn), (arg));                               \
        0;                                                                           \
    })
#define pthread_join(thread, result)                     \
    ({                                                   \
        void **labkit_result = (result);                 \
        void *labkit_its = uthread_join(thread);         \
        if (labkit_result)                               \
            *labkit_result = labkit_its;                 \
        0;                                               \
    })
#define pthread_exit(result) uthread_exit(result)
#define pthread_self() uthread_self()
#define pthread_equal(a, b) ((a) == (b))
#define pthread_setname_np(thread, name) ({ uthread_set_name((thread), (name)); 0; })
#define pthread_mutex_init(mutex, attributes)                                        \
    ({                                                                               \
        const struct labkit_knows_no_pthread_attributes *labkit_none = (attributes); \
        (void)labkit_none;                                                           \
        *(mutex) = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;                       \
        0;                                                                           \
    })
#define pthread_mutex_destroy(mutex) ({ (void)(mutex); 0; })
#define pthread_mutex_lock(mutex) ({ uthread_mutex_lock(mutex); 0; })
#define pthread_mutex_trylock(mutex) (uthread_mutex_trylock(mutex) ? 0 : EBUSY)
#define pthread_mutex_unlock(mutex) ({ uthread_mutex_unlock(mutex); 0; })
#define sched_yield() ({ uthread_yield(); 0; })

#endif
