/* What debugging tools must be told when a program changes stacks by hand: without a word, valgrind and AddressSanitizer take
 * the other stack for a mistake. Empty where neither is there. */
#ifndef TOOLS_H
#define TOOLS_H

#include <stddef.h>

#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#define TOOL_NEW_STACK(low, high) ((void)VALGRIND_STACK_REGISTER((low), (high)))
#else
#define TOOL_NEW_STACK(low, high) ((void)(low), (void)(high))
#endif

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
/* keep: where this thread's pretended stack is remembered; NULL when it never comes back. next: the tid of who comes. */
#define TOOL_LEAVE(keep, next) \
    __sanitizer_start_switch_fiber((keep), (void *)row_of(next)->stack_low, row_of(next)->stack_high - row_of(next)->stack_low)
#define TOOL_ARRIVE(keep) __sanitizer_finish_switch_fiber((keep), NULL, NULL)
#else
#define TOOL_LEAVE(keep, next) ((void)(keep), (void)(next))
#define TOOL_ARRIVE(keep) ((void)(keep))
#endif

#endif
