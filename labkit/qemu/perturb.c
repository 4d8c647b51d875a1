/*
 * The helper module of kernel.hunt(): it delays tasks where hunt.py says, and tells what a dying kernel said last.
 *
 * Its parameter `points` is written before the module under test is loaded, one point a line:
 *	p FUNCTION OFFSET HIT TIMES DELAY_US	at this instruction, from the HIT-th time on, TIMES times
 *	s SEED MEAN_US				slices: the module's tasks are interrupted after random times
 * A delayed task goes to the back of the queue, behind whoever can run, and behind a kthread that keeps the CPU busy for
 * DELAY_US: so it stands still while time goes on for everybody else. The text of `points` decides everything: the same
 * text, the same run.
 */
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/io.h>
#include <linux/irq_work.h>
#include <linux/kmsg_dump.h>
#include <linux/kprobes.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/tracepoint.h>
#include <linux/workqueue.h>

#define MAX_POINTS 16
#define BACK_NS (1000 * NSEC_PER_SEC)	/* how far back in the queue: whoever else can run does so first */
#define MAX_SLICES 3000			/* after so many a run would take too long */
#define GUARD_MS 50
#define GUARD_CHECKS 6			/* asked so many times to let others run, and did not: nobody else can run any more */
#define PANIC_PORT 0x2f8		/* the second serial port: hunt.py reads it when the kernel has died */
#define LEAVE_PORT 0x501
#define LEAVE_PANICKED 0x16

struct point {
	struct kprobe probe;
	char function[64], name[MODULE_NAME_LEN + 64];
	unsigned int offset, hit, times, delay_us, hits;
	struct work_struct rest;
};

static struct point points[MAX_POINTS];
static unsigned int used, slices, mean_us, checks;
static pid_t first_pid;
static u64 random, hold_until;
static struct irq_work kick;
static struct task_struct *holder;
static struct hrtimer slice, guard;

static u64 draw(void)
{
	random ^= random << 13;
	random ^= random >> 7;
	random ^= random << 17;
	return random;
}

/* Send the running task so many places back: CFS takes the one with the least vruntime (kernel/sched/fair.c). */
static void to_the_back(unsigned int places)
{
	current->se.vruntime += places * BACK_NS;
	set_tsk_need_resched(current);
	set_preempt_need_resched();
}

/* Keeps the CPU busy, at the lowest priority, so that a task behind it in the queue stands still. */
static int hold(void *data)
{
	for (;;) {
		set_current_state(TASK_IDLE);
		if (ktime_get_mono_fast_ns() >= hold_until)
			schedule();
		__set_current_state(TASK_RUNNING);
		while (ktime_get_mono_fast_ns() < hold_until)
			for (int i = 0; i < 1000; i++)
				barrier(); /* no cpu_relax(): it makes QEMU slow */
	}
	return 0;
}

/* Behind the instruction of a point. The holder comes first: a task alone in the queue would take the queue's end with it. */
static void kicked(struct irq_work *work)
{
	if (ktime_get_mono_fast_ns() < hold_until)
		wake_up_process(holder);
	to_the_back(1);
}

static void rest_point(struct work_struct *work)
{
	disable_kprobe(&container_of(work, struct point, rest)->probe);
}

static int at_point(struct kprobe *probe, struct pt_regs *regs)
{
	struct point *point = container_of(probe, struct point, probe);
	unsigned int hits = ++point->hits;

	if (hits < point->hit)
		return 0;
	if (hits >= point->hit + point->times) {
		if (hits == point->hit + point->times)
			schedule_work(&point->rest);
		return 0;
	}
	if (point->delay_us)
		hold_until = ktime_get_mono_fast_ns() + (u64)point->delay_us * NSEC_PER_USEC;
	irq_work_queue(&kick); /* an interrupt behind this instruction: that is where the kernel preempts */
	return 0;
}

static bool is_ours(struct task_struct *task)
{
	return first_pid && (task->pid >= first_pid || task->flags & PF_WQ_WORKER);
}

static void arm_slice(void)
{
	if (mean_us && slices < MAX_SLICES)
		hrtimer_start(&slice, ns_to_ktime(200 + draw() % (2 * NSEC_PER_USEC * mean_us)), HRTIMER_MODE_REL_PINNED_HARD);
}

static enum hrtimer_restart end_slice(struct hrtimer *timer)
{
	if (is_ours(current)) {
		slices++;
		to_the_back(1 << draw() % 8); /* some wait longer than others, or all would go on in step */
		arm_slice();
	}
	return HRTIMER_NORESTART;
}

static void on_switch(void *data, bool preempt, struct task_struct *prev, struct task_struct *next, unsigned int state)
{
	if (mean_us && is_ours(next))
		arm_slice();
}

/* schedule() takes the request away, so one that is still there was not heard: preemption is off, or this is no full one. */
static enum hrtimer_restart look_around(struct hrtimer *timer)
{
	if (!current->pid || !test_tsk_need_resched(current))
		checks = 0;
	else if (++checks == GUARD_CHECKS)
		panic("labkit: %s keeps the processor, and nobody else can run", current->comm);
	set_tsk_need_resched(current);
	set_preempt_need_resched();
	hrtimer_forward_now(timer, ms_to_ktime(GUARD_MS));
	return HRTIMER_RESTART;
}

static int on_module(struct notifier_block *block, unsigned long state, void *data)
{
	struct module *module = data;

	if (state != MODULE_STATE_COMING)
		return NOTIFY_OK;
	if (!first_pid) {
		first_pid = current->pid;
		hrtimer_start(&guard, ms_to_ktime(GUARD_MS), HRTIMER_MODE_REL_PINNED_HARD);
	}
	for (unsigned int i = 0; i < used; i++) {
		struct point *point = &points[i];
		char name[sizeof(point->name)];

		if (point->probe.symbol_name) /* of the last time that the module was loaded */
			unregister_kprobe(&point->probe);
		memset(&point->probe, 0, sizeof(point->probe));
		snprintf(name, sizeof(name), "%s:%s", module->name, point->function);
		strscpy(point->name, name, sizeof(point->name));
		point->probe.symbol_name = point->name;
		point->probe.offset = point->offset;
		point->probe.pre_handler = at_point;
		if (register_kprobe(&point->probe))
			point->probe.symbol_name = NULL;
	}
	return NOTIFY_OK;
}

static int set_points(const char *text, const struct kernel_param *param)
{
	while (text && *text) {
		struct point *point = &points[used];

		if (used < MAX_POINTS && sscanf(text, "p %63s %u %u %u %u", point->function, &point->offset, &point->hit,
						&point->times, &point->delay_us) == 5)
			used++;
		else if (sscanf(text, "s %llu %u", &random, &mean_us) != 2)
			return -EINVAL;
		text = strchr(text, '\n');
		text = text ? text + 1 : NULL;
	}
	return 0;
}

static const struct kernel_param_ops points_ops = { .set = set_points };
module_param_cb(points, &points_ops, NULL, 0200);

/* The last words go out by themselves: the console would repeat the whole boot, byte by byte. */
static void on_panic(struct kmsg_dumper *dumper, enum kmsg_dump_reason reason)
{
	static char line[1024];
	struct kmsg_dump_iter iter;
	bool begun = false;
	size_t size;

	kmsg_dump_rewind(&iter);
	while (kmsg_dump_get_line(&iter, true, line, sizeof(line), &size)) {
		begun |= strnstr(line, "labkit: begin", size) != NULL;
		for (size_t i = 0; begun && i < size; i++)
			outb(line[i], PANIC_PORT);
	}
	outb(LEAVE_PANICKED, LEAVE_PORT);
}

static struct kmsg_dumper dumper = { .dump = on_panic, .max_reason = KMSG_DUMP_PANIC };
static struct notifier_block modules = { .notifier_call = on_module };

static void find_switch(struct tracepoint *tracepoint, void *data)
{
	if (!strcmp(tracepoint->name, "sched_switch"))
		tracepoint_probe_register(tracepoint, on_switch, NULL);
}

static int __init perturb_init(void)
{
	for (unsigned int i = 0; i < MAX_POINTS; i++)
		INIT_WORK(&points[i].rest, rest_point);
	init_irq_work(&kick, kicked);
	hrtimer_init(&slice, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_HARD);
	slice.function = end_slice;
	hrtimer_init(&guard, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_HARD);
	guard.function = look_around;
	holder = kthread_run(hold, NULL, "labkit_hold");
	if (IS_ERR(holder))
		return PTR_ERR(holder);
	set_user_nice(holder, MAX_NICE);
	for_each_kernel_tracepoint(find_switch, NULL);
	kmsg_dump_register(&dumper);
	return register_module_notifier(&modules);
}

module_init(perturb_init);
MODULE_LICENSE("GPL");
