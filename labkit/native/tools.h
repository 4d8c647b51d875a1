/* What debugging tools must be told when a program changes stacks by hand: without a word, valgrind and the sanitizers take
 * the other stack for a mistake. Empty where none of them is there.
 *
 * keep: a pointer of each thread's, for the tool alone. ThreadSanitizer takes every switch for a synchronisation, and rightly so:
 * our threads share one thread of the OS, so two of them never touch a variable at the same time. It puts a signal off until the
 * next call into the C library; a timer that preempts at any instruction is not to be had with it.
 */
#ifndef TOOLS_H
#define TOOLS_H

#include <stddef.h>

#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#define TOOL_STACK(low, high) ((void)VALGRIND_STACK_REGISTER((low), (high)))
#else
#define TOOL_STACK(low, high) ((void)(low), (void)(high))
#endif

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#define TOOL_NEW_STACK(keep, low, high) TOOL_STACK((low), (high))
#define TOOL_OLD_STACK(keep) ((void)(keep))
/* keep: where this thread's pretended stack is remembered; NULL when it never comes back. tid: of who comes. */
#define TOOL_LEAVE(keep, next_keep, tid) \
    __sanitizer_start_switch_fiber((keep), (void *)row_of(tid)->stack_low, row_of(tid)->stack_high - row_of(tid)->stack_low)
#define TOOL_ARRIVE(keep) __sanitizer_finish_switch_fiber((keep), NULL, NULL)
#elif defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#define TOOL_NEW_STACK(keep, low, high) ((keep) = __tsan_create_fiber(0), TOOL_STACK((low), (high)))
#define TOOL_OLD_STACK(keep) ((keep) ? __tsan_destroy_fiber(keep) : (void)0)
#define TOOL_LEAVE(keep, next_keep, tid)          \
    do {                                          \
        void **mine = (keep);                     \
        if (mine)                                 \
            *mine = __tsan_get_current_fiber();   \
        (void)(tid);                              \
        __tsan_switch_to_fiber((next_keep), 0);   \
    } while (0)
#define TOOL_ARRIVE(keep) ((void)(keep))
#else
#define TOOL_NEW_STACK(keep, low, high) TOOL_STACK((low), (high))
#define TOOL_OLD_STACK(keep) ((void)(keep))
#define TOOL_LEAVE(keep, next_keep, tid) ((void)(keep), (void)(next_keep), (void)(tid))
#define TOOL_ARRIVE(keep) ((void)(keep))
#endif

#endif
