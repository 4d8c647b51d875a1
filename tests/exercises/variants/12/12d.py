# %% id="takes-the-whole-list" why="the logger takes all lines at once, and start waits with its own wait queue"
def say_c():
    return r"""
static int say(const char *text)
{
	struct line *line = line_new(text);
	unsigned long flags;

	if (line) {
		spin_lock_irqsave(&lock, flags);
		list_add_tail(&line->node, &queue);
		spin_unlock_irqrestore(&lock, flags);
		wake_up_interruptible(&wait);
	}
	return line ? 0 : -ENOMEM;
}"""


def logger_c():
    return r"""
static bool up;
static int logger_fn(void *data)
{
	struct line *line, *next;
	int printed = 0;
	LIST_HEAD(mine);

	WRITE_ONCE(up, true);
	wake_up_all(&wait);
	do {
		wait_event_interruptible(wait, !list_empty_careful(&queue) || kthread_should_stop());
		spin_lock_irq(&lock);
		list_splice_tail_init(&queue, &mine);
		spin_unlock_irq(&lock);
		list_for_each_entry_safe(line, next, &mine, node) {
			list_del(&line->node);
			pr_info("%s: %s\n", current->comm, line->text);
			line_free(line);
			printed++;
			msleep(1);
		}
	} while (!kthread_should_stop() || !list_empty_careful(&queue));
	return printed;
}"""


def start_and_stop_c():
    return r"""
static struct task_struct *logger;
static int logger_start(void)
{
	WRITE_ONCE(up, false);
	logger = kthread_create(logger_fn, NULL, "logger");
	if (IS_ERR(logger))
		return PTR_ERR(logger);
	wake_up_process(logger);
	wait_event(wait, READ_ONCE(up));
	return 0;
}
static int logger_stop(void)
{
	return kthread_stop(logger);
}"""


# %% id="stop-flushes-first" why="stop waits until every line is printed, so that the logger has begun by then; the count is shared"
def say_c():
    return r"""
static int said;
static int say(const char *text)
{
	struct line *line = line_new(text);

	if (!line)
		return -ENOMEM;
	spin_lock(&lock);
	list_add_tail(&line->node, &queue);
	said++;
	spin_unlock(&lock);
	wake_up(&wait);
	return 0;
}"""


def logger_c():
    return r"""
static int printed;
static int logger_fn(void *data)
{
	while (!kthread_should_stop()) {
		struct line *line;

		if (wait_event_interruptible(wait, READ_ONCE(said) > printed || kthread_should_stop()))
			break;
		if (said == printed)
			break;
		spin_lock(&lock);
		line = list_first_entry(&queue, struct line, node);
		list_del(&line->node);
		spin_unlock(&lock);
		pr_info("%s: %s\n", current->comm, line->text);
		line_free(line);
		msleep(1);
		WRITE_ONCE(printed, printed + 1);
		wake_up_all(&wait);
	}
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return printed;
}"""


def start_and_stop_c():
    return r"""
static struct task_struct *logger;
static int logger_start(void)
{
	said = printed = 0;
	logger = kthread_run(logger_fn, NULL, "logger");
	return PTR_ERR_OR_ZERO(logger);
}
static int logger_stop(void)
{
	wait_event(wait, READ_ONCE(printed) == said);
	return kthread_stop(logger);
}"""
