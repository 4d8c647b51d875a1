/*
 * The only process of the guest in which kernel.hunt() runs modules: it is /init, and it is all there is.
 *
 * Why not a shell: QEMU translates each piece of code anew in every copy of the guest, and that is most of what a run
 * costs. This program is small, is there when the snapshot is taken, and starts no other. It has no library: the snapshot
 * depends on it and the kernel alone.
 *
 * hunt.py gives struct orders through the firmware, as initramfs.py's take() explains, and reads `report` out of the
 * stopped guest's memory.
 */

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;

enum { READ = 0, WRITE = 1, OPEN = 2, CLOSE = 3, LSEEK = 8, SIGPROCMASK = 14, FORK = 57, EXECVE = 59, EXIT = 60, WAIT4 = 61,
       MKDIR = 83, MOUNT = 165, IOPERM = 173, PRCTL = 157, INIT_MODULE = 175, DELETE_MODULE = 176, NANOSLEEP = 35,
       SIGTIMEDWAIT = 128 };
enum { O_WRONLY = 1, O_NONBLOCK = 04000, SEEK_END = 2, WNOHANG = 1, SIGCHLD = 17, SIGSET_BYTES = 8, PR_SET_NAME = 15 };
enum { FIRMWARE = 0x510, DATA_KEY = 0x12, STOP_PORT = 0x505, LEAVE_PORT = 0x501, STOP_VALUE = 1 };
enum { STUCK = -1, MAX_CYCLES = 64, ORDERS = 16 << 20, REPORT = 8 << 20, LOOPS_PER_US = 62 };

/* What hunt.py asks for; the module, its parameters, its name and the points of delay follow, each ending in a zero byte. */
struct orders {
	u32 bytes; /* of all that follows */
	u32 phase_us, limit_ms, settle_ms, trace, report_trace, cycles, module_bytes, params_bytes, name_bytes, points_bytes;
	u32 wait_us[MAX_CYCLES];
	u8 data[];
};

/* All that is not constant, at an address that hunt.py knows: the linker puts .bss there. */
static struct {
	struct { u64 bytes; u8 text[REPORT]; } report;
	u8 given[ORDERS];
	int log_reader, log_writer, tracing_on;
} memory __attribute__((aligned(4096)));
#define report memory.report

static long call(long number, long a, long b, long c, long d, long e)
{
	register long r10 asm("r10") = d, r8 asm("r8") = e;
	long result;

	asm volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8) : "rcx", "r11", "memory");
	return result;
}
#define sys(number, a, b, c) call(number, (long)(a), (long)(b), (long)(c), 0, 0)

static void out8(u16 port, u8 value) { asm volatile("outb %0, %1" : : "a"(value), "Nd"(port)); }
static void out16(u16 port, u16 value) { asm volatile("outw %0, %1" : : "a"(value), "Nd"(port)); }
static void in(u16 port, void *to, u64 bytes) { asm volatile("rep insb" : "+D"(to), "+c"(bytes) : "d"(port) : "memory"); }

static u64 length(const char *text) { u64 n = 0; while (text[n]) n++; return n; }

static void say(const char *text)
{
	while (*text && report.bytes < REPORT)
		report.text[report.bytes++] = *text++;
}

static void say_number(long number)
{
	char digits[24], *at = digits + sizeof(digits) - 1;
	u64 left = number < 0 ? -number : number;

	*at = 0;
	do *--at = '0' + left % 10; while (left /= 10);
	if (number < 0)
		*--at = '-';
	say(at);
}

static void say_file(int file)
{
	long got;

	while (report.bytes < REPORT && (got = sys(READ, file, report.text + report.bytes, REPORT - report.bytes)) > 0)
		report.bytes += got;
}

static void section(const char *name, long number)
{
	say("\002"); say(name); say(" "); say_number(number); say("\n");
}

static void put(const char *path, const char *text)
{
	int file = sys(OPEN, path, O_WRONLY, 0);

	sys(WRITE, file, text, length(text));
	sys(CLOSE, file, 0, 0);
}

static void rest(u64 us)
{
	long time[2] = { us / 1000000, us % 1000000 * 1000 };

	if (us)
		sys(NANOSLEEP, time, 0, 0);
}

/* The newest pid of the system: the last number in /proc/loadavg. */
static long last_pid(void)
{
	char text[64];
	int file = sys(OPEN, "/proc/loadavg", 0, 0);
	long got = sys(READ, file, text, sizeof(text)), pid = 0;

	sys(CLOSE, file, 0, 0);
	while (got > 0 && text[got - 1] != ' ')
		got--;
	for (; text[got] >= '0' && text[got] <= '9'; got++)
		pid = pid * 10 + text[got] - '0';
	return pid;
}

/* What /proc says of every task that is newer than the run, as `tail -v` shows files: console.py reads it. */
static void look(long first, long last)
{
	static const char *const files[] = { "stat", "status", "comm", "cmdline", "wchan", "stack" };
	char path[64];

	for (long pid = first; pid <= last; pid++)
		for (u32 i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
			u64 mark = report.bytes;
			int file;

			say("/proc/"); say_number(pid); say("/"); say(files[i]); say("");
			for (u64 n = mark; n < report.bytes; n++)
				path[n - mark] = report.text[n];
			path[report.bytes - mark] = 0;
			report.bytes = mark;
			file = sys(OPEN, path, 0, 0);
			if (file < 0)
				break;
			say("==> "); say_number(pid); say("/"); say(files[i]); say(" <==\n");
			say_file(file);
			say("\n");
			sys(CLOSE, file, 0, 0);
		}
}

/* The end: what is in the log and in the trace, and QEMU stops. */
static void __attribute__((noreturn)) stop(const struct orders *o)
{
	static const char end[] = "<7>labkit: end\n";

	sys(WRITE, memory.log_writer, end, sizeof(end) - 1);
	if (o->report_trace) {
		int trace = sys(OPEN, "/sys/kernel/tracing/trace", 0, 0);

		section("trace", 0);
		say_file(trace);
	}
	section("kmsg", 0);
	/* A read of -EPIPE tells that records were overwritten; the next one goes on behind them. */
	for (int i = 0; i < 3; i++)
		say_file(memory.log_reader);
	out8(STOP_PORT, STOP_VALUE);
	for (;;)
		;
}

/* Do one thing to the module in a child, which an oops may kill; its errno or 128 + signal, or STUCK. */
static long child(const struct orders *o, const char *name, const u8 *module, const u8 *params, const char *target)
{
	u64 set = 1ul << (SIGCHLD - 1);
	long time[2] = { o->limit_ms / 1000, o->limit_ms % 1000 * 1000000 };
	int status = 0;
	long pid;

	pid = sys(FORK, 0, 0, 0);
	if (!pid) {
		sys(PRCTL, PR_SET_NAME, name, 0);
		if (module)
			sys(EXIT, -sys(INIT_MODULE, module, o->module_bytes, params), 0, 0);
		sys(EXIT, -sys(DELETE_MODULE, target, O_NONBLOCK, 0), 0, 0);
	}
	call(SIGTIMEDWAIT, (long)&set, 0, (long)time, SIGSET_BYTES, 0);
	if (call(WAIT4, pid, (long)&status, WNOHANG, 0, 0) != pid)
		return STUCK;
	return status & 0x7f ? 128 + (status & 0x7f) : status >> 8 & 0xff;
}

/* Load, wait, unload, as often as ordered; ends at the first that fails. */
static void cycles(const struct orders *o, long last)
{
	const u8 *module = o->data, *params = module + o->module_bytes;
	const char *name = (const char *)params + o->params_bytes;
	long insmod = 0, rmmod = 0;

	for (u32 i = 0; i < o->cycles && !insmod && !rmmod; i++) {
		insmod = child(o, "insmod", module, params, 0);
		if (!insmod) {
			rest(o->wait_us[i]);
			rmmod = child(o, "rmmod", 0, 0, name);
		}
	}
	if (insmod != STUCK)
		section("insmod", insmod);
	if (!insmod && rmmod != STUCK)
		section("rmmod", rmmod);
	if (insmod == STUCK || rmmod == STUCK) {
		sys(WRITE, memory.tracing_on, "0", 1);
		section("stuck", 0);
		section("loaded", 0);
		look(last + 1, last_pid());
		stop(o);
	}
}

static void run(void)
{
	static const char begin[] = "<7>labkit: begin\n";
	const struct orders *o = (const void *)memory.given;
	const u8 *points;
	long last;

	report.bytes = 0;
	/* Twice, because QEMU 7.2 with several CPUs gets the very first byte wrong that a resumed guest reads. */
	for (int i = 0; i < 2; i++) {
		out16(FIRMWARE, DATA_KEY);
		in(FIRMWARE + 1, memory.given, sizeof(o->bytes));
	}
	in(FIRMWARE + 1, memory.given + sizeof(o->bytes), o->bytes);
	points = o->data + o->module_bytes + o->params_bytes + o->name_bytes;
	if (o->points_bytes > 1)
		put("/sys/module/perturb/parameters/points", (const char *)points);
	for (u64 i = 0; i < (u64)o->phase_us * LOOPS_PER_US; i++)
		asm volatile("");
	last = last_pid();
	section("last", last);
	section("loaded", 0);
	if (o->trace)
		sys(WRITE, memory.tracing_on, "1", 1);
	sys(LSEEK, memory.log_reader, 0, SEEK_END);
	sys(WRITE, memory.log_writer, begin, sizeof(begin) - 1);
	cycles(o, last);
	rest((u64)o->settle_ms * 1000);
	sys(WRITE, memory.tracing_on, "0", 1);
	section("after", 0);
	look(last + 1, last_pid());
	stop(o);
}

static void boot(void)
{
	static const char *const events[] = {
		"sched/sched_switch", "sched/sched_wakeup", "sched/sched_wakeup_new", "sched/sched_process_fork",
		"sched/sched_process_exit", "sched/sched_kthread_stop", "sched/sched_kthread_stop_ret", "task/task_rename",
	};
	char path[128];

	call(MOUNT, (long)"proc", (long)"/proc", (long)"proc", 0, 0);
	call(MOUNT, (long)"sys", (long)"/sys", (long)"sysfs", 0, 0);
	call(MOUNT, (long)"dev", (long)"/dev", (long)"devtmpfs", 0, 0);
	call(MOUNT, (long)"trace", (long)"/sys/kernel/tracing", (long)"tracefs", 0, 0);
	put("/sys/kernel/tracing/buffer_size_kb", "512");
	put("/sys/kernel/tracing/trace_clock", "global");
	put("/sys/kernel/tracing/options/event-fork", "1");
	put("/sys/kernel/tracing/tracing_on", "0");
	put("/sys/kernel/tracing/set_event_pid", "1 2");
	for (u32 i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		const char *const parts[] = { "/sys/kernel/tracing/events/", events[i], "/enable" };
		u64 at = 0;

		for (u32 part = 0; part < 3; part++)
			for (const char *c = parts[part]; *c; c++)
				path[at++] = *c;
		path[at] = 0;
		put(path, "1");
	}
	put("/proc/sys/kernel/hung_task_timeout_secs", "1");
	put("/proc/sys/debug/kprobes-optimization", "0");
	memory.tracing_on = sys(OPEN, "/sys/kernel/tracing/tracing_on", O_WRONLY, 0);
	memory.log_reader = sys(OPEN, "/dev/kmsg", O_NONBLOCK, 0);
	memory.log_writer = sys(OPEN, "/dev/kmsg", O_WRONLY, 0);
	sys(IOPERM, LEAVE_PORT, STOP_PORT - LEAVE_PORT + 1, 1);
	sys(IOPERM, FIRMWARE, 2, 1);
}

/* The helper module lies in the initramfs; perturb.c says what it does. */
static void load_helper(void)
{
	int file = sys(OPEN, "/perturb.ko", 0, 0);
	long bytes = sys(READ, file, memory.given, ORDERS);

	sys(CLOSE, file, 0, 0);
	if (file < 0 || sys(INIT_MODULE, memory.given, bytes, "") < 0)
		put("/dev/kmsg", "labkit: perturb.ko cannot be loaded\n");
}

/* The commands of busybox, for modules that start programs. */
static void install(void)
{
	static const char *const words[] = { "busybox", "--install", "-s", "/bin", 0 };
	long pid = sys(FORK, 0, 0, 0);

	if (!pid) {
		sys(EXECVE, "/bin/busybox", words, 0);
		sys(EXIT, 127, 0, 0);
	}
	call(WAIT4, pid, 0, 0, 0, 0);
}

void _start(void)
{
	u64 set = 1ul << (SIGCHLD - 1);

	boot();
	install();
	load_helper();
	call(SIGPROCMASK, 0, (long)&set, 0, SIGSET_BYTES, 0); /* only now: install()'s child must not be taken for another */
	for (u64 i = 0; i < 256 << 10; i += 4096) /* pages that a run needs should be there: to make one takes time */
		memory.given[i] = report.text[i] = 0;
	look(1, last_pid());
	out8(STOP_PORT, STOP_VALUE); /* the snapshot is taken here; what follows runs anew in every copy of it */
	run();
}
