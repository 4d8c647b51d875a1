# %% id="newest-first" why="list_add() puts a line at the end"
def say_c():
    """C: static int say(const char *text)."""
    return r"""
static int say(const char *text)
{
	struct line *line = line_new(text);

	if (!line)
		return -ENOMEM;
	spin_lock(&lock);
	list_add(&line->node, &queue);
	spin_unlock(&lock);
	wake_up(&wait);
	return 0;
}"""


def logger_c():
    """C: static int logger_fn(void *data), and what it shares with logger_start()."""
    return r"""
static DECLARE_COMPLETION(begun);
static int logger_fn(void *data)
{
	struct line *line;
	int printed = 0;

	complete(&begun);
	for (;;) {
		wait_event_interruptible(wait, !list_empty(&queue) || kthread_should_stop());
		spin_lock(&lock);
		line = list_first_entry_or_null(&queue, struct line, node);
		if (line)
			list_del(&line->node);
		spin_unlock(&lock);
		if (line) {
			pr_info("%s: %s\n", current->comm, line->text);
			line_free(line);
			printed++;
			msleep(1);
		} else if (kthread_should_stop()) {
			return printed;
		}
	}
}"""


def start_and_stop_c():
    """C: static int logger_start(void) and static int logger_stop(void)."""
    return r"""
static struct task_struct *logger;
static int logger_start(void)
{
	reinit_completion(&begun);
	logger = kthread_run(logger_fn, NULL, "logger");
	if (IS_ERR(logger))
		return PTR_ERR(logger);
	wait_for_completion(&begun);
	return 0;
}
static int logger_stop(void)
{
	return kthread_stop(logger);
}"""


# %% id="forgets-to-wake" why="a kthread that waits for a condition sees it change"
def say_c():
    """C: static int say(const char *text)."""
    return r"""
static int say(const char *text)
{
	struct line *line = line_new(text);

	if (!line)
		return -ENOMEM;
	spin_lock(&lock);
	list_add_tail(&line->node, &queue);
	spin_unlock(&lock);
	return 0;
}"""


def logger_c():
    """C: static int logger_fn(void *data), and what it shares with logger_start()."""
    return r"""
static DECLARE_COMPLETION(begun);
static int logger_fn(void *data)
{
	struct line *line;
	int printed = 0;

	complete(&begun);
	for (;;) {
		wait_event_interruptible(wait, !list_empty(&queue) || kthread_should_stop());
		spin_lock(&lock);
		line = list_first_entry_or_null(&queue, struct line, node);
		if (line)
			list_del(&line->node);
		spin_unlock(&lock);
		if (line) {
			pr_info("%s: %s\n", current->comm, line->text);
			line_free(line);
			printed++;
			msleep(1);
		} else if (kthread_should_stop()) {
			return printed;
		}
	}
}"""


def start_and_stop_c():
    """C: static int logger_start(void) and static int logger_stop(void)."""
    return r"""
static struct task_struct *logger;
static int logger_start(void)
{
	reinit_completion(&begun);
	logger = kthread_run(logger_fn, NULL, "logger");
	if (IS_ERR(logger))
		return PTR_ERR(logger);
	wait_for_completion(&begun);
	return 0;
}
static int logger_stop(void)
{
	return kthread_stop(logger);
}"""


# %% id="prints-at-once" why="say() may print the line itself"
def say_c():
    """C: static int say(const char *text)."""
    return r"""
static int say(const char *text)
{
	struct line *line = line_new(text);

	if (!line)
		return -ENOMEM;
	pr_info("%s: %s\n", current->comm, line->text);
	line_free(line);
	return 0;
}"""


def logger_c():
    """C: static int logger_fn(void *data), and what it shares with logger_start()."""
    return r"""
static DECLARE_COMPLETION(begun);
static int logger_fn(void *data)
{
	struct line *line;
	int printed = 0;

	complete(&begun);
	for (;;) {
		wait_event_interruptible(wait, !list_empty(&queue) || kthread_should_stop());
		spin_lock(&lock);
		line = list_first_entry_or_null(&queue, struct line, node);
		if (line)
			list_del(&line->node);
		spin_unlock(&lock);
		if (line) {
			pr_info("%s: %s\n", current->comm, line->text);
			line_free(line);
			printed++;
			msleep(1);
		} else if (kthread_should_stop()) {
			return printed;
		}
	}
}"""


def start_and_stop_c():
    """C: static int logger_start(void) and static int logger_stop(void)."""
    return r"""
static struct task_struct *logger;
static int logger_start(void)
{
	reinit_completion(&begun);
	logger = kthread_run(logger_fn, NULL, "logger");
	if (IS_ERR(logger))
		return PTR_ERR(logger);
	wait_for_completion(&begun);
	return 0;
}
static int logger_stop(void)
{
	return kthread_stop(logger);
}"""


# %% id="drops-what-is-queued" why="a logger that is told to stop stops"
def say_c():
    """C: static int say(const char *text)."""
    return r"""
static int say(const char *text)
{
	struct line *line = line_new(text);

	if (!line)
		return -ENOMEM;
	spin_lock(&lock);
	list_add_tail(&line->node, &queue);
	spin_unlock(&lock);
	wake_up(&wait);
	return 0;
}"""


def logger_c():
    """C: static int logger_fn(void *data), and what it shares with logger_start()."""
    return r"""
static DECLARE_COMPLETION(begun);
static int logger_fn(void *data)
{
	struct line *line;
	int printed = 0;

	complete(&begun);
	while (!kthread_should_stop()) {
		wait_event_interruptible(wait, !list_empty(&queue) || kthread_should_stop());
		spin_lock(&lock);
		line = list_first_entry_or_null(&queue, struct line, node);
		if (line)
			list_del(&line->node);
		spin_unlock(&lock);
		if (line) {
			pr_info("%s: %s\n", current->comm, line->text);
			line_free(line);
			printed++;
			msleep(1);
		}
	}
	return printed;
}"""


def start_and_stop_c():
    """C: static int logger_start(void) and static int logger_stop(void)."""
    return r"""
static struct task_struct *logger;
static int logger_start(void)
{
	reinit_completion(&begun);
	logger = kthread_run(logger_fn, NULL, "logger");
	if (IS_ERR(logger))
		return PTR_ERR(logger);
	wait_for_completion(&begun);
	return 0;
}
static int logger_stop(void)
{
	return kthread_stop(logger);
}"""


# %% id="frees-before-flush" why="stop throws away what is queued"
def say_c():
    """C: static int say(const char *text)."""
    return r"""
static int say(const char *text)
{
	struct line *line = line_new(text);

	if (!line)
		return -ENOMEM;
	spin_lock(&lock);
	list_add_tail(&line->node, &queue);
	spin_unlock(&lock);
	wake_up(&wait);
	return 0;
}"""


def logger_c():
    """C: static int logger_fn(void *data), and what it shares with logger_start()."""
    return r"""
static DECLARE_COMPLETION(begun);
static int logger_fn(void *data)
{
	struct line *line;
	int printed = 0;

	complete(&begun);
	for (;;) {
		wait_event_interruptible(wait, !list_empty(&queue) || kthread_should_stop());
		spin_lock(&lock);
		line = list_first_entry_or_null(&queue, struct line, node);
		if (line)
			list_del(&line->node);
		spin_unlock(&lock);
		if (line) {
			pr_info("%s: %s\n", current->comm, line->text);
			line_free(line);
			printed++;
			msleep(1);
		} else if (kthread_should_stop()) {
			return printed;
		}
	}
}"""


def start_and_stop_c():
    """C: static int logger_start(void) and static int logger_stop(void)."""
    return r"""
static struct task_struct *logger;
static int logger_start(void)
{
	reinit_completion(&begun);
	logger = kthread_run(logger_fn, NULL, "logger");
	if (IS_ERR(logger))
		return PTR_ERR(logger);
	wait_for_completion(&begun);
	return 0;
}
static int logger_stop(void)
{
	struct line *line, *next;

	spin_lock(&lock);
	list_for_each_entry_safe(line, next, &queue, node) {
		list_del(&line->node);
		line_free(line);
	}
	spin_unlock(&lock);
	return kthread_stop(logger);
}"""


# %% id="rests-under-the-lock" why="a lock that is held longer is safer"
def say_c():
    """C: static int say(const char *text)."""
    return r"""
static int say(const char *text)
{
	struct line *line = line_new(text);

	if (!line)
		return -ENOMEM;
	spin_lock(&lock);
	list_add_tail(&line->node, &queue);
	spin_unlock(&lock);
	wake_up(&wait);
	return 0;
}"""


def logger_c():
    """C: static int logger_fn(void *data), and what it shares with logger_start()."""
    return r"""
static DECLARE_COMPLETION(begun);
static int logger_fn(void *data)
{
	struct line *line;
	int printed = 0;

	complete(&begun);
	for (;;) {
		wait_event_interruptible(wait, !list_empty(&queue) || kthread_should_stop());
		spin_lock(&lock);
		line = list_first_entry_or_null(&queue, struct line, node);
		if (line)
			list_del(&line->node);
		if (line) {
			pr_info("%s: %s\n", current->comm, line->text);
			line_free(line);
			printed++;
			msleep(1);
			spin_unlock(&lock);
		} else {
			spin_unlock(&lock);
			if (kthread_should_stop())
				return printed;
		}
	}
}"""


def start_and_stop_c():
    """C: static int logger_start(void) and static int logger_stop(void)."""
    return r"""
static struct task_struct *logger;
static int logger_start(void)
{
	reinit_completion(&begun);
	logger = kthread_run(logger_fn, NULL, "logger");
	if (IS_ERR(logger))
		return PTR_ERR(logger);
	wait_for_completion(&begun);
	return 0;
}
static int logger_stop(void)
{
	return kthread_stop(logger);
}"""


# %% id="spins-when-idle" why="a loop with cond_resched() harms nobody"
def say_c():
    """C: static int say(const char *text)."""
    return r"""
static int say(const char *text)
{
	struct line *line = line_new(text);

	if (!line)
		return -ENOMEM;
	spin_lock(&lock);
	list_add_tail(&line->node, &queue);
	spin_unlock(&lock);
	wake_up(&wait);
	return 0;
}"""


def logger_c():
    """C: static int logger_fn(void *data), and what it shares with logger_start()."""
    return r"""
static DECLARE_COMPLETION(begun);
static int logger_fn(void *data)
{
	struct line *line;
	int printed = 0;

	complete(&begun);
	for (;;) {
		cond_resched();
		spin_lock(&lock);
		line = list_first_entry_or_null(&queue, struct line, node);
		if (line)
			list_del(&line->node);
		spin_unlock(&lock);
		if (line) {
			pr_info("%s: %s\n", current->comm, line->text);
			line_free(line);
			printed++;
			msleep(1);
		} else if (kthread_should_stop()) {
			return printed;
		}
	}
}"""


def start_and_stop_c():
    """C: static int logger_start(void) and static int logger_stop(void)."""
    return r"""
static struct task_struct *logger;
static int logger_start(void)
{
	reinit_completion(&begun);
	logger = kthread_run(logger_fn, NULL, "logger");
	if (IS_ERR(logger))
		return PTR_ERR(logger);
	wait_for_completion(&begun);
	return 0;
}
static int logger_stop(void)
{
	return kthread_stop(logger);
}"""


# %% id="sleeps-uninterruptibly" why="D or S is all the same"
def say_c():
    """C: static int say(const char *text)."""
    return r"""
static int say(const char *text)
{
	struct line *line = line_new(text);

	if (!line)
		return -ENOMEM;
	spin_lock(&lock);
	list_add_tail(&line->node, &queue);
	spin_unlock(&lock);
	wake_up(&wait);
	return 0;
}"""


def logger_c():
    """C: static int logger_fn(void *data), and what it shares with logger_start()."""
    return r"""
static DECLARE_COMPLETION(begun);
static int logger_fn(void *data)
{
	struct line *line;
	int printed = 0;

	complete(&begun);
	for (;;) {
		wait_event(wait, !list_empty(&queue) || kthread_should_stop());
		spin_lock(&lock);
		line = list_first_entry_or_null(&queue, struct line, node);
		if (line)
			list_del(&line->node);
		spin_unlock(&lock);
		if (line) {
			pr_info("%s: %s\n", current->comm, line->text);
			line_free(line);
			printed++;
			msleep(1);
		} else if (kthread_should_stop()) {
			return printed;
		}
	}
}"""


def start_and_stop_c():
    """C: static int logger_start(void) and static int logger_stop(void)."""
    return r"""
static struct task_struct *logger;
static int logger_start(void)
{
	reinit_completion(&begun);
	logger = kthread_run(logger_fn, NULL, "logger");
	if (IS_ERR(logger))
		return PTR_ERR(logger);
	wait_for_completion(&begun);
	return 0;
}
static int logger_stop(void)
{
	return kthread_stop(logger);
}"""


# %% id="leaves-the-thread" why="the kthread ends with its module"
def say_c():
    """C: static int say(const char *text)."""
    return r"""
static int say(const char *text)
{
	struct line *line = line_new(text);

	if (!line)
		return -ENOMEM;
	spin_lock(&lock);
	list_add_tail(&line->node, &queue);
	spin_unlock(&lock);
	wake_up(&wait);
	return 0;
}"""


def logger_c():
    """C: static int logger_fn(void *data), and what it shares with logger_start()."""
    return r"""
static DECLARE_COMPLETION(begun);
static int logger_fn(void *data)
{
	struct line *line;
	int printed = 0;

	complete(&begun);
	for (;;) {
		wait_event_interruptible(wait, !list_empty(&queue) || kthread_should_stop());
		spin_lock(&lock);
		line = list_first_entry_or_null(&queue, struct line, node);
		if (line)
			list_del(&line->node);
		spin_unlock(&lock);
		if (line) {
			pr_info("%s: %s\n", current->comm, line->text);
			line_free(line);
			printed++;
			msleep(1);
		} else if (kthread_should_stop()) {
			return printed;
		}
	}
}"""


def start_and_stop_c():
    """C: static int logger_start(void) and static int logger_stop(void)."""
    return r"""
static struct task_struct *logger;
static int logger_start(void)
{
	reinit_completion(&begun);
	logger = kthread_run(logger_fn, NULL, "logger");
	if (IS_ERR(logger))
		return PTR_ERR(logger);
	wait_for_completion(&begun);
	return 0;
}
static int logger_stop(void)
{
	return 0;
}"""


# %% id="stops-what-has-not-begun" why="kthread_run() has run the function when it returns"
def say_c():
    """C: static int say(const char *text)."""
    return r"""
static int say(const char *text)
{
	struct line *line = line_new(text);

	if (!line)
		return -ENOMEM;
	spin_lock(&lock);
	list_add_tail(&line->node, &queue);
	spin_unlock(&lock);
	wake_up(&wait);
	return 0;
}"""


def logger_c():
    """C: static int logger_fn(void *data), and what it shares with logger_start()."""
    return r"""
static DECLARE_COMPLETION(begun);
static int logger_fn(void *data)
{
	struct line *line;
	int printed = 0;

	complete(&begun);
	for (;;) {
		wait_event_interruptible(wait, !list_empty(&queue) || kthread_should_stop());
		spin_lock(&lock);
		line = list_first_entry_or_null(&queue, struct line, node);
		if (line)
			list_del(&line->node);
		spin_unlock(&lock);
		if (line) {
			pr_info("%s: %s\n", current->comm, line->text);
			line_free(line);
			printed++;
			msleep(1);
		} else if (kthread_should_stop()) {
			return printed;
		}
	}
}"""


def start_and_stop_c():
    """C: static int logger_start(void) and static int logger_stop(void)."""
    return r"""
static struct task_struct *logger;
static int logger_start(void)
{
	reinit_completion(&begun);
	logger = kthread_run(logger_fn, NULL, "logger");
	if (IS_ERR(logger))
		return PTR_ERR(logger);
	return 0;
}
static int logger_stop(void)
{
	return kthread_stop(logger);
}"""


# %% id="forgets-to-free" why="the kernel frees what a module has left"
def say_c():
    """C: static int say(const char *text)."""
    return r"""
static int say(const char *text)
{
	struct line *line = line_new(text);

	if (!line)
		return -ENOMEM;
	spin_lock(&lock);
	list_add_tail(&line->node, &queue);
	spin_unlock(&lock);
	wake_up(&wait);
	return 0;
}"""


def logger_c():
    """C: static int logger_fn(void *data), and what it shares with logger_start()."""
    return r"""
static DECLARE_COMPLETION(begun);
static int logger_fn(void *data)
{
	struct line *line;
	int printed = 0;

	complete(&begun);
	for (;;) {
		wait_event_interruptible(wait, !list_empty(&queue) || kthread_should_stop());
		spin_lock(&lock);
		line = list_first_entry_or_null(&queue, struct line, node);
		if (line)
			list_del(&line->node);
		spin_unlock(&lock);
		if (line) {
			pr_info("%s: %s\n", current->comm, line->text);
			printed++;
			msleep(1);
		} else if (kthread_should_stop()) {
			return printed;
		}
	}
}"""


def start_and_stop_c():
    """C: static int logger_start(void) and static int logger_stop(void)."""
    return r"""
static struct task_struct *logger;
static int logger_start(void)
{
	reinit_completion(&begun);
	logger = kthread_run(logger_fn, NULL, "logger");
	if (IS_ERR(logger))
		return PTR_ERR(logger);
	wait_for_completion(&begun);
	return 0;
}
static int logger_stop(void)
{
	return kthread_stop(logger);
}"""


# %% id="frees-before-printing" why="the text of a freed line is still there"
def say_c():
    """C: static int say(const char *text)."""
    return r"""
static int say(const char *text)
{
	struct line *line = line_new(text);

	if (!line)
		return -ENOMEM;
	spin_lock(&lock);
	list_add_tail(&line->node, &queue);
	spin_unlock(&lock);
	wake_up(&wait);
	return 0;
}"""


def logger_c():
    """C: static int logger_fn(void *data), and what it shares with logger_start()."""
    return r"""
static DECLARE_COMPLETION(begun);
static int logger_fn(void *data)
{
	struct line *line;
	int printed = 0;

	complete(&begun);
	for (;;) {
		wait_event_interruptible(wait, !list_empty(&queue) || kthread_should_stop());
		spin_lock(&lock);
		line = list_first_entry_or_null(&queue, struct line, node);
		if (line)
			list_del(&line->node);
		spin_unlock(&lock);
		if (line) {
			line_free(line);
			memset(line, 0x6b, sizeof(*line));
			pr_info("%s: %s\n", current->comm, line->text);
			printed++;
			msleep(1);
		} else if (kthread_should_stop()) {
			return printed;
		}
	}
}"""


def start_and_stop_c():
    """C: static int logger_start(void) and static int logger_stop(void)."""
    return r"""
static struct task_struct *logger;
static int logger_start(void)
{
	reinit_completion(&begun);
	logger = kthread_run(logger_fn, NULL, "logger");
	if (IS_ERR(logger))
		return PTR_ERR(logger);
	wait_for_completion(&begun);
	return 0;
}
static int logger_stop(void)
{
	return kthread_stop(logger);
}"""


# %% id="one-line-for-each-wake" why="there are as many wake-ups as lines"
def say_c():
    """C: static int say(const char *text)."""
    return r"""
static int say(const char *text)
{
	struct line *line = line_new(text);

	if (!line)
		return -ENOMEM;
	spin_lock(&lock);
	list_add_tail(&line->node, &queue);
	spin_unlock(&lock);
	wake_up(&wait);
	return 0;
}"""


def logger_c():
    """C: static int logger_fn(void *data), and what it shares with logger_start()."""
    return r"""
static DECLARE_COMPLETION(begun);
static int logger_fn(void *data)
{
	struct line *line;
	int printed = 0;

	complete(&begun);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (!kthread_should_stop())
			schedule();
		__set_current_state(TASK_RUNNING);
		spin_lock(&lock);
		line = list_first_entry_or_null(&queue, struct line, node);
		if (line)
			list_del(&line->node);
		spin_unlock(&lock);
		if (line) {
			pr_info("%s: %s\n", current->comm, line->text);
			line_free(line);
			printed++;
			msleep(1);
		} else if (kthread_should_stop()) {
			return printed;
		}
	}
}"""


def start_and_stop_c():
    """C: static int logger_start(void) and static int logger_stop(void)."""
    return r"""
static struct task_struct *logger;
static int logger_start(void)
{
	reinit_completion(&begun);
	logger = kthread_run(logger_fn, NULL, "logger");
	if (IS_ERR(logger))
		return PTR_ERR(logger);
	wait_for_completion(&begun);
	return 0;
}
static int logger_stop(void)
{
	return kthread_stop(logger);
}"""


# %% id="another-name" why="the name of a kthread is decoration"
def say_c():
    """C: static int say(const char *text)."""
    return r"""
static int say(const char *text)
{
	struct line *line = line_new(text);

	if (!line)
		return -ENOMEM;
	spin_lock(&lock);
	list_add_tail(&line->node, &queue);
	spin_unlock(&lock);
	wake_up(&wait);
	return 0;
}"""


def logger_c():
    """C: static int logger_fn(void *data), and what it shares with logger_start()."""
    return r"""
static DECLARE_COMPLETION(begun);
static int logger_fn(void *data)
{
	struct line *line;
	int printed = 0;

	complete(&begun);
	for (;;) {
		wait_event_interruptible(wait, !list_empty(&queue) || kthread_should_stop());
		spin_lock(&lock);
		line = list_first_entry_or_null(&queue, struct line, node);
		if (line)
			list_del(&line->node);
		spin_unlock(&lock);
		if (line) {
			pr_info("%s: %s\n", current->comm, line->text);
			line_free(line);
			printed++;
			msleep(1);
		} else if (kthread_should_stop()) {
			return printed;
		}
	}
}"""


def start_and_stop_c():
    """C: static int logger_start(void) and static int logger_stop(void)."""
    return r"""
static struct task_struct *logger;
static int logger_start(void)
{
	reinit_completion(&begun);
	logger = kthread_run(logger_fn, NULL, "logger/%d", 0);
	if (IS_ERR(logger))
		return PTR_ERR(logger);
	wait_for_completion(&begun);
	return 0;
}
static int logger_stop(void)
{
	return kthread_stop(logger);
}"""


# %% id="returns-nothing" why="nobody asks what a kthread returns"
def say_c():
    """C: static int say(const char *text)."""
    return r"""
static int say(const char *text)
{
	struct line *line = line_new(text);

	if (!line)
		return -ENOMEM;
	spin_lock(&lock);
	list_add_tail(&line->node, &queue);
	spin_unlock(&lock);
	wake_up(&wait);
	return 0;
}"""


def logger_c():
    """C: static int logger_fn(void *data), and what it shares with logger_start()."""
    return r"""
static DECLARE_COMPLETION(begun);
static int logger_fn(void *data)
{
	struct line *line;
	int printed = 0;

	complete(&begun);
	for (;;) {
		wait_event_interruptible(wait, !list_empty(&queue) || kthread_should_stop());
		spin_lock(&lock);
		line = list_first_entry_or_null(&queue, struct line, node);
		if (line)
			list_del(&line->node);
		spin_unlock(&lock);
		if (line) {
			pr_info("%s: %s\n", current->comm, line->text);
			line_free(line);
			printed++;
			msleep(1);
		} else if (kthread_should_stop()) {
			return 0;
		}
	}
}"""


def start_and_stop_c():
    """C: static int logger_start(void) and static int logger_stop(void)."""
    return r"""
static struct task_struct *logger;
static int logger_start(void)
{
	reinit_completion(&begun);
	logger = kthread_run(logger_fn, NULL, "logger");
	if (IS_ERR(logger))
		return PTR_ERR(logger);
	wait_for_completion(&begun);
	return 0;
}
static int logger_stop(void)
{
	return kthread_stop(logger);
}"""


# %% id="does-not-compile" why="a semicolon more or less"
def say_c():
    """C: static int say(const char *text)."""
    return r"""
static int say(const char *text)
{
	struct line *line = line_new(text);

	if (!line)
		return -ENOMEM;
	spin_lock(&lock);
	list_add_tail(&line->node, &queue);
	spin_unlock(&lock);
	wake_up(&wait);
	return 0;
}"""


def logger_c():
    """C: static int logger_fn(void *data), and what it shares with logger_start()."""
    return r"""
static DECLARE_COMPLETION(begun);
static int logger_fn(void *data)
{
	struct line *line;
	int printed = 0

	complete(&begun);
	for (;;) {
		wait_event_interruptible(wait, !list_empty(&queue) || kthread_should_stop());
		spin_lock(&lock);
		line = list_first_entry_or_null(&queue, struct line, node);
		if (line)
			list_del(&line->node);
		spin_unlock(&lock);
		if (line) {
			pr_info("%s: %s\n", current->comm, line->text);
			line_free(line);
			printed++;
			msleep(1);
		} else if (kthread_should_stop()) {
			return printed;
		}
	}
}"""


def start_and_stop_c():
    """C: static int logger_start(void) and static int logger_stop(void)."""
    return r"""
static struct task_struct *logger;
static int logger_start(void)
{
	reinit_completion(&begun);
	logger = kthread_run(logger_fn, NULL, "logger");
	if (IS_ERR(logger))
		return PTR_ERR(logger);
	wait_for_completion(&begun);
	return 0;
}
static int logger_stop(void)
{
	return kthread_stop(logger);
}"""
