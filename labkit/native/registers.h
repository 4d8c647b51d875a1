/* A thread's registers where they lie: on its stack after uthread_switch, in a ucontext_t after swapcontext or a signal. */
#ifndef REGISTERS_H
#define REGISTERS_H

#include <stdint.h>
#include <ucontext.h>

#include "ours.h"

void uthread_switch(void **keep_sp, void *next_sp); /* switch_x86_64.S, switch_aarch64.S */

/* The registers that a new thread begins with, put on its stack as uthread_switch expects them; returns where they lie. */
void *registers_make(char *stack_top, void (*entry)(void));

/* The saved registers, by number (record.h), and which were saved (bit n: register n). */
uint64_t registers_of_switch(const void *sp, uint64_t *registers);
uint64_t registers_of_context(const ucontext_t *context, uint64_t *registers, int all);

/* Of a signal: what was done to the address (where the processor tells), where the function that was just called would
 * return to (0: nobody knows), whether the next instruction is a return, and whether it is one that only the kernel may use
 * (as far as that does not end in SIGILL). low, high: what may be read of the stack.
 * returns_from_signal: is this the code to which a signal handler returns? Its caller in a backtrace called nobody. */
enum access { TOUCHES, READS, WRITES };
enum access access_of_context(const ucontext_t *context);
uint64_t return_address(const uint64_t *registers, uint64_t low, uint64_t high);
int returns(const uint64_t *registers);
int privileged(const uint64_t *registers); /* x86-64: hlt, cli, sti, in, out, those on control registers; elsewhere: SIGILL */
int returns_from_signal(uint64_t pc);

#endif
