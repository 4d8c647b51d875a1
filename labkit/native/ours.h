/* The linker knows one name space. A student's program may well have an enter or a fail of its own: so ours are called otherwise
 * there, and only there. uthread.h's names, and uthread_switch, are everybody's. */
#ifndef OURS_H
#define OURS_H

#define alternate_stack labkit_alternate_stack
#define enter labkit_enter
#define fail labkit_fail
#define fail_as labkit_fail_as
#define in_program labkit_in_program
#define leave labkit_leave
#define machine_look labkit_machine_look
#define machine_number labkit_machine_number
#define mutex_name labkit_mutex_name
#define privileged labkit_privileged
#define publish labkit_publish
#define rec labkit_rec
#define record labkit_record
#define return_address labkit_return_address
#define returns labkit_returns
#define row_of labkit_row_of
#define say labkit_say
#define unblock labkit_unblock
#define wait_in labkit_wait_in
#define wake_first labkit_wake_first
#define walk labkit_walk

#endif
