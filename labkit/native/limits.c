/* What a program from a notebook may use, set before its first line runs: labkit asks for it in the environment.
 *
 * LABKIT_LIMITS="seconds of CPU, bytes of memory, bytes of a file, may it fork, fixed addresses". Without it nothing is limited.
 * This keeps a slip from hurting the machine. It is no prison: what graders run is locked up by labkit/grading.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#else
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif
#ifndef SYS_clone3
#define SYS_clone3 435 /* for headers older than Linux 5.3, as conda's are */
#endif
#define CLONE_THREAD_FLAG 0x10000 /* <linux/sched.h> */

static void limit(int what, unsigned long most)
{
    struct rlimit both = { most, most };
    setrlimit(what, &both);
}

#define FIELD(name) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, name))
#define IF(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), (yes), (no))
#define IF_BIT(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (value), (yes), (no))
#define ANSWER(what) BPF_STMT(BPF_RET | BPF_K, (what))

/* Refuse new processes (threads are allowed), and signals to other processes: seccomp(2), asked of the kernel for good. */
static void refuse_processes(void)
{
    uint32_t self = getpid();
    struct sock_filter rules[] = {
        FIELD(arch), IF(ARCHITECTURE, 1, 0), ANSWER(SECCOMP_RET_ERRNO | EPERM),
        FIELD(nr),
#if defined(__x86_64__)
        IF(SYS_fork, 10, 0), IF(SYS_vfork, 9, 0),
#else
        IF(0xffff, 10, 0), IF(0xffff, 9, 0),
#endif
        IF(SYS_clone3, 0, 1), ANSWER(SECCOMP_RET_ERRNO | ENOSYS), /* Why: then the C library falls back to clone */
        IF(SYS_clone, 0, 2), FIELD(args[0]), IF_BIT(CLONE_THREAD_FLAG, 5, 4),
        IF(SYS_kill, 1, 0), IF(SYS_tgkill, 0, 3), FIELD(args[0]), IF(self, 1, 0),
        ANSWER(SECCOMP_RET_TRAP), /* SIGSYS: fault.c tells who it was */
        ANSWER(SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = { sizeof rules / sizeof *rules, rules };
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

__attribute__((constructor(101))) static void begin(int argc, char **argv, char **environment)
{
    const char *text = getenv("LABKIT_LIMITS");
    unsigned long cpu, memory, file;
    int fork_too, fixed;
    (void)argc, (void)environment;
    if (!text || sscanf(text, "%lu,%lu,%lu,%d,%d", &cpu, &memory, &file, &fork_too, &fixed) != 5)
        return;
    int now = personality(0xffffffff);
    if (fixed && now != -1 && !(now & ADDR_NO_RANDOMIZE) && personality(now | ADDR_NO_RANDOMIZE) != -1)
        execv("/proc/self/exe", argv); /* from the top: the addresses of this start are drawn already */
    setvbuf(stdout, NULL, _IOLBF, 0); /* as on a terminal: what was printed before a crash is seen */
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_CPU, cpu);
    limit(RLIMIT_FSIZE, file);
    if (memory)
        limit(RLIMIT_AS, memory);
    if (!fork_too)
        refuse_processes();
}
