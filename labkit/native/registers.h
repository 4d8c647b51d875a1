/* A thread's registers where they lie: on its stack after uthread_switch, in a ucontext_t after swapcontext or a signal. */
#ifndef REGISTERS_H
#define REGISTERS_H

#include <stdint.h>
#include <ucontext.h>

void uthread_switch(void **keep_sp, void *next_sp); /* switch_x86_64.S, switch_aarch64.S */

/* The registers that a new thread begins with, put on its stack as uthread_switch expects them; returns where they lie. */
void *registers_make(char *stack_top, void (*entry)(void));

/* The saved registers, by number (record.h), and which were saved (bit n: register n). */
uint64_t registers_of_switch(const void *sp, uint64_t *registers);
uint64_t registers_of_context(const ucontext_t *context, uint64_t *registers, int all);

#endif
