# One run in the guest: load the module, let it work, look at the tasks, unload it, look again. Everything is written to
# /report in sections, "\002name". kernel.py puts the settings before this: name seed wait limit trace params.
tracing=/sys/kernel/tracing
section() { printf '\002%s\n' "$*" >> /report; }
look() { (cd /proc; tail -v -n +1 $(for pid in $1; do for file in stat status comm cmdline wchan stack; do echo $pid/$file; done; done) 2> /dev/null) >> /report; }
everyone() { cd /proc; echo [0-9]*; cd /; }
newcomers() { for pid in $(everyone); do [ $pid -gt $last ] && echo $pid; done; }
log() {
    echo '<7>labkit: end' > /dev/kmsg
    cat /dev/kmsg > /kmsg & reader=$!
    until grep -q ';labkit: end$' /kmsg; do sleep 0.01; done
    kill $reader
    section kmsg; cat /kmsg >> /report
}
events() { [ $trace = 1 ] && { section trace; cat $tracing/trace >> /report; }; }
stuck() {  # something did not come back in time: tell where everyone stands, and end
    echo 0 > $tracing/tracing_on
    section stuck; section loaded; look "$(everyone)"; events; log
    gzip -1 < /report > /dev/ttyS1
    leave
}

i=0; while [ $i -lt $seed ]; do i=$((i+1)); done  # a seed shifts the phase of the timer
mv /module.ko /$name.ko
echo '<7>labkit: begin' > /dev/kmsg
read -r one five fifteen running last < /proc/loadavg
section last $last
(sleep $limit; stuck) &
watcher=$!
if [ $trace = 1 ]; then echo "2 $$" > $tracing/set_event_pid; echo 1 > $tracing/tracing_on; fi
insmod /$name.ko $params > /said 2>&1
section insmod $?; cat /said >> /report
sleep $wait
section loaded; look "$(everyone)"
if [ -d /sys/module/$name ]; then rmmod $name > /said 2>&1; section rmmod $?; cat /said >> /report; fi
echo 0 > $tracing/tracing_on
section watcher $watcher
section after; look "$(newcomers)"
events
log
