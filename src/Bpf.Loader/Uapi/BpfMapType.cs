namespace Bpf.Loader;

/// <summary>The type of a map: <c>enum bpf_map_type</c>.</summary>
/// <remarks>Values equal the uapi; a value that this version does not name is legal and is shown as its number.</remarks>
public enum BpfMapType : uint
{
    /// <summary><c>BPF_MAP_TYPE_UNSPEC</c>: no type; the kernel refuses it.</summary>
    Unspecified = 0,

    /// <summary><c>BPF_MAP_TYPE_HASH</c>: hash table (3.19).</summary>
    Hash = 1,

    /// <summary><c>BPF_MAP_TYPE_ARRAY</c>: array with 4-byte index keys (3.19).</summary>
    Array = 2,

    /// <summary><c>BPF_MAP_TYPE_PROG_ARRAY</c>: programs to tail-call, by index (4.2).</summary>
    ProgArray = 3,

    /// <summary><c>BPF_MAP_TYPE_PERF_EVENT_ARRAY</c>: perf events, one a CPU as a rule (4.3).</summary>
    PerfEventArray = 4,

    /// <summary><c>BPF_MAP_TYPE_PERCPU_HASH</c>: hash table with a value for each possible CPU (4.6).</summary>
    PerCpuHash = 5,

    /// <summary><c>BPF_MAP_TYPE_PERCPU_ARRAY</c>: array with a value for each possible CPU (4.6).</summary>
    PerCpuArray = 6,

    /// <summary><c>BPF_MAP_TYPE_STACK_TRACE</c>: stack traces by id (4.6).</summary>
    StackTrace = 7,

    /// <summary><c>BPF_MAP_TYPE_CGROUP_ARRAY</c>: cgroups by index (4.8).</summary>
    CgroupArray = 8,

    /// <summary><c>BPF_MAP_TYPE_LRU_HASH</c>: hash table that evicts the least recently used entry (4.10).</summary>
    LruHash = 9,

    /// <summary><c>BPF_MAP_TYPE_LRU_PERCPU_HASH</c>: per-CPU hash table that evicts the least recently used entry (4.10).</summary>
    LruPerCpuHash = 10,

    /// <summary><c>BPF_MAP_TYPE_LPM_TRIE</c>: longest-prefix-match trie (4.11).</summary>
    LpmTrie = 11,

    /// <summary><c>BPF_MAP_TYPE_ARRAY_OF_MAPS</c>: array of maps (4.12).</summary>
    ArrayOfMaps = 12,

    /// <summary><c>BPF_MAP_TYPE_HASH_OF_MAPS</c>: hash table of maps (4.12).</summary>
    HashOfMaps = 13,

    /// <summary><c>BPF_MAP_TYPE_DEVMAP</c>: network devices to redirect to, by index (4.14).</summary>
    DevMap = 14,

    /// <summary><c>BPF_MAP_TYPE_SOCKMAP</c>: sockets by index (4.14).</summary>
    SockMap = 15,

    /// <summary><c>BPF_MAP_TYPE_CPUMAP</c>: CPUs to redirect packets to (4.15).</summary>
    CpuMap = 16,

    /// <summary><c>BPF_MAP_TYPE_XSKMAP</c>: AF_XDP sockets by index (4.18).</summary>
    XskMap = 17,

    /// <summary><c>BPF_MAP_TYPE_SOCKHASH</c>: sockets by key (4.18).</summary>
    SockHash = 18,

    /// <summary><c>BPF_MAP_TYPE_CGROUP_STORAGE</c>: storage of a cgroup and its attached program (4.19); deprecated for <see cref="CgrpStorage"/>.</summary>
    CgroupStorage = 19,

    /// <summary><c>BPF_MAP_TYPE_REUSEPORT_SOCKARRAY</c>: sockets of a reuseport group (4.19).</summary>
    ReusePortSockArray = 20,

    /// <summary><c>BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE</c>: per-CPU storage of a cgroup and its attached program (4.20); deprecated.</summary>
    PerCpuCgroupStorage = 21,

    /// <summary><c>BPF_MAP_TYPE_QUEUE</c>: first in, first out; no keys (4.20).</summary>
    Queue = 22,

    /// <summary><c>BPF_MAP_TYPE_STACK</c>: last in, first out; no keys (4.20).</summary>
    Stack = 23,

    /// <summary><c>BPF_MAP_TYPE_SK_STORAGE</c>: storage local to a socket (5.2).</summary>
    SkStorage = 24,

    /// <summary><c>BPF_MAP_TYPE_DEVMAP_HASH</c>: network devices to redirect to, by key (5.4).</summary>
    DevMapHash = 25,

    /// <summary><c>BPF_MAP_TYPE_STRUCT_OPS</c>: a kernel structure of callbacks, written in BPF (5.6).</summary>
    StructOps = 26,

    /// <summary><c>BPF_MAP_TYPE_RINGBUF</c>: ring buffer from programs to user space (5.8).</summary>
    RingBuf = 27,

    /// <summary><c>BPF_MAP_TYPE_INODE_STORAGE</c>: storage local to an inode (5.10).</summary>
    InodeStorage = 28,

    /// <summary><c>BPF_MAP_TYPE_TASK_STORAGE</c>: storage local to a task (5.11).</summary>
    TaskStorage = 29,

    /// <summary><c>BPF_MAP_TYPE_BLOOM_FILTER</c>: bloom filter; no keys (5.16).</summary>
    BloomFilter = 30,

    /// <summary><c>BPF_MAP_TYPE_USER_RINGBUF</c>: ring buffer from user space to programs (6.1).</summary>
    UserRingBuf = 31,

    /// <summary><c>BPF_MAP_TYPE_CGRP_STORAGE</c>: storage local to a cgroup (6.2).</summary>
    CgrpStorage = 32,

    /// <summary><c>BPF_MAP_TYPE_ARENA</c>: memory shared between programs and user space (6.9).</summary>
    Arena = 33,

    /// <summary><c>BPF_MAP_TYPE_INSN_ARRAY</c>: instruction offsets of a program, for jump tables (6.19).</summary>
    InsnArray = 34,

    /// <summary><c>BPF_MAP_TYPE_RHASH</c>: resizable hash table (newer than 6.19).</summary>
    RHash = 35,
}
