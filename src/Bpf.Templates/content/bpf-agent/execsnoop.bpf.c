// Tells of each process that starts. Compiled when the project is built; the class Execsnoop is made of it.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

struct exec_event {
	__u32 pid;
	__u32 parent_pid;
	__u32 uid;
	char comm[16];
	char filename[128];
};

// Events go to user space in order, through memory that both share.
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

// A variable called MAP_event says of what type the records of the map are.
const struct exec_event *const events_event __attribute__((unused)) = 0;

// A constant that is set before the program is loaded: the verifier drops the branches that it rules out.
const volatile __u32 only_uid = -1;

// A variable that user space reads while the program runs.
__u64 dropped = 0;

SEC("tracepoint/sched/sched_process_exec")
int handle_exec(struct trace_event_raw_sched_process_exec *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	__u32 uid = bpf_get_current_uid_gid();
	struct exec_event *event;

	if (only_uid != (__u32)-1 && uid != only_uid)
		return 0;

	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event) {
		__sync_fetch_and_add(&dropped, 1);
		return 0;
	}

	event->pid = bpf_get_current_pid_tgid() >> 32;
	event->parent_pid = BPF_CORE_READ(task, real_parent, tgid);
	event->uid = uid;
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	bpf_probe_read_kernel_str(event->filename, sizeof(event->filename), (void *)ctx + (ctx->__data_loc_filename & 0xffff));
	bpf_ringbuf_submit(event, 0);
	return 0;
}

char _license[] SEC("license") = "GPL";
