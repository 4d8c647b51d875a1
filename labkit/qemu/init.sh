#!/bin/busybox sh
# The guest's first process. Up to bin/stop it makes the system that every run starts from: QEMU stops there, within the
# same instruction each time, and the snapshot is taken. What comes after runs anew in every resumed copy.
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t tracefs trace /sys/kernel/tracing
cd /sys/kernel/tracing
echo 512 > buffer_size_kb
echo global > trace_clock
echo 1 > options/event-fork
echo 0 > tracing_on
cd events
for event in sched/sched_switch sched/sched_wakeup sched/sched_wakeup_new sched/sched_process_fork sched/sched_process_exit \
             sched/sched_kthread_stop sched/sched_kthread_stop_ret sched/sched_kthread_work_queue_work \
             sched/sched_kthread_work_execute_start sched/sched_kthread_work_execute_end task/task_rename; do
    echo 1 > $event/enable
done
cd /
stty -F /dev/ttyS1 raw -echo clocal
mkfifo /pipe /never
cd /proc
kworkers=$(grep -l ^kworker [0-9]*/comm)
kworkers=$(echo "$kworkers" | sed 's,/.*,,')
tail -v -n +1 $(for pid in [0-9]*; do for file in stat status comm cmdline wchan stack; do echo $pid/$file; done; done) \
    2> /dev/null > /tasks
cd /
cat /tasks > /dev/ttyS1  # kept beside the snapshot: whoever is there from the start
rm /tasks
stop
take > /orders 2> /module.ko
. /orders
# Why gzip: a byte through the emulated serial port costs about 4 µs, more than packing it.
gzip -1 < /report > /dev/ttyS1
leave
