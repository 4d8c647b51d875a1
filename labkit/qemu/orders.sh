# One run in the guest: load the module, let it work, look at the tasks, unload it, look again. Everything is written to
# /report in sections, "\002name". kernel.py puts the settings before this: name seed wait limit trace params; init.sh
# has set kworkers. Why so few programs: each costs 6 ms here, where the shell's own words cost nothing to speak of.
tracing=/sys/kernel/tracing
section() { printf '\002%s\n' "$*" >> /report; }
rest() { read -t $1 nothing <> /never; }  # sleep, without a program
everyone() { pids=; for pid in /proc/[0-9]*; do pids="$pids ${pid##*/}"; done; }
newcomers() { pids=; for pid in /proc/[0-9]*; do [ ${pid##*/} -gt $last ] && pids="$pids ${pid##*/}"; done; }
look() {
    set --
    for pid in $pids; do for file in stat status comm cmdline wchan stack; do set -- "$@" $pid/$file; done; done
    cd /proc; tail -v -n +1 "$@" >> /report 2> /dev/null; cd /
}
log() {  # Why sed: /dev/kmsg has no end, so somebody has to stop reading; busybox's sed looks one line ahead
    echo '<7>labkit: end' > /dev/kmsg
    echo '<7>labkit: over' > /dev/kmsg
    section kmsg
    cat /dev/kmsg > /pipe &
    sed '/^15,.*;labkit: end$/q' < /pipe >> /report
}
events() { [ $trace = 1 ] && { section trace; cat $tracing/trace >> /report; }; }
stuck() {  # something did not come back in time: tell where everyone stands, and end
    echo 0 > $tracing/tracing_on
    section stuck; section loaded; everyone; look; events; log
    gzip -1 < /report > /dev/ttyS1
    leave
}

i=0; while [ $i -lt $seed ]; do i=$((i+1)); done  # a seed shifts the phase of the timer
echo '<7>labkit: begin' > /dev/kmsg
read -r one five fifteen running last < /proc/loadavg
section last $last
(rest $limit; stuck) &
if [ $trace = 1 ]; then echo "2 $$" > $tracing/set_event_pid; echo 1 > $tracing/tracing_on; fi
insmod /module.ko $params > /said 2>&1
section insmod $?; while read -r line; do echo "$line" >> /report; done < /said
rest $wait
section loaded; newcomers; pids="$pids $kworkers"; look
if [ -d /sys/module/$name ]; then
    rmmod $name > /said 2>&1
    section rmmod $?; while read -r line; do echo "$line" >> /report; done < /said
fi
echo 0 > $tracing/tracing_on
section after; newcomers; look
events
log
