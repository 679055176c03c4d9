namespace Bpf.Loader;

/// <summary>A command of bpf(2): <c>enum bpf_cmd</c>.</summary>
/// <remarks>Values equal the uapi; a value that this version does not name is legal and is shown as its number.</remarks>
public enum BpfCommand : uint
{
    /// <summary><c>BPF_MAP_CREATE</c>: creates a map.</summary>
    MapCreate = 0,

    /// <summary><c>BPF_MAP_LOOKUP_ELEM</c>: reads a value.</summary>
    MapLookupElement = 1,

    /// <summary><c>BPF_MAP_UPDATE_ELEM</c>: sets a value.</summary>
    MapUpdateElement = 2,

    /// <summary><c>BPF_MAP_DELETE_ELEM</c>: removes an entry.</summary>
    MapDeleteElement = 3,

    /// <summary><c>BPF_MAP_GET_NEXT_KEY</c>: walks the keys.</summary>
    MapGetNextKey = 4,

    /// <summary><c>BPF_PROG_LOAD</c>: verifies and loads a program.</summary>
    ProgLoad = 5,

    /// <summary><c>BPF_OBJ_PIN</c>: pins an object in bpffs.</summary>
    ObjPin = 6,

    /// <summary><c>BPF_OBJ_GET</c>: opens a pinned object.</summary>
    ObjGet = 7,

    /// <summary><c>BPF_PROG_ATTACH</c>: attaches a program without a link.</summary>
    ProgAttach = 8,

    /// <summary><c>BPF_PROG_DETACH</c>: detaches a program that has no link.</summary>
    ProgDetach = 9,

    /// <summary><c>BPF_PROG_TEST_RUN</c>: runs a program.</summary>
    ProgTestRun = 10,

    /// <summary><c>BPF_PROG_GET_NEXT_ID</c>: walks the program ids.</summary>
    ProgGetNextId = 11,

    /// <summary><c>BPF_MAP_GET_NEXT_ID</c>: walks the map ids.</summary>
    MapGetNextId = 12,

    /// <summary><c>BPF_PROG_GET_FD_BY_ID</c>: opens a program by id.</summary>
    ProgGetFdById = 13,

    /// <summary><c>BPF_MAP_GET_FD_BY_ID</c>: opens a map by id.</summary>
    MapGetFdById = 14,

    /// <summary><c>BPF_OBJ_GET_INFO_BY_FD</c>: describes a map, program, link or BTF.</summary>
    ObjGetInfoByFd = 15,

    /// <summary><c>BPF_PROG_QUERY</c>: lists the programs at a hook.</summary>
    ProgQuery = 16,

    /// <summary><c>BPF_RAW_TRACEPOINT_OPEN</c>: attaches to a raw tracepoint.</summary>
    RawTracepointOpen = 17,

    /// <summary><c>BPF_BTF_LOAD</c>: loads BTF.</summary>
    BtfLoad = 18,

    /// <summary><c>BPF_BTF_GET_FD_BY_ID</c>: opens BTF by id.</summary>
    BtfGetFdById = 19,

    /// <summary><c>BPF_TASK_FD_QUERY</c>: tells what a perf event descriptor of a task is attached to.</summary>
    TaskFdQuery = 20,

    /// <summary><c>BPF_MAP_LOOKUP_AND_DELETE_ELEM</c>: reads a value and removes it.</summary>
    MapLookupAndDeleteElement = 21,

    /// <summary><c>BPF_MAP_FREEZE</c>: makes a map read-only for user space.</summary>
    MapFreeze = 22,

    /// <summary><c>BPF_BTF_GET_NEXT_ID</c>: walks the BTF ids.</summary>
    BtfGetNextId = 23,

    /// <summary><c>BPF_MAP_LOOKUP_BATCH</c>: reads many entries.</summary>
    MapLookupBatch = 24,

    /// <summary><c>BPF_MAP_LOOKUP_AND_DELETE_BATCH</c>: reads and removes many entries.</summary>
    MapLookupAndDeleteBatch = 25,

    /// <summary><c>BPF_MAP_UPDATE_BATCH</c>: sets many entries.</summary>
    MapUpdateBatch = 26,

    /// <summary><c>BPF_MAP_DELETE_BATCH</c>: removes many entries.</summary>
    MapDeleteBatch = 27,

    /// <summary><c>BPF_LINK_CREATE</c>: attaches by a link.</summary>
    LinkCreate = 28,

    /// <summary><c>BPF_LINK_UPDATE</c>: replaces what a link runs.</summary>
    LinkUpdate = 29,

    /// <summary><c>BPF_LINK_GET_FD_BY_ID</c>: opens a link by id.</summary>
    LinkGetFdById = 30,

    /// <summary><c>BPF_LINK_GET_NEXT_ID</c>: walks the link ids.</summary>
    LinkGetNextId = 31,

    /// <summary><c>BPF_ENABLE_STATS</c>: counts the runs of programs.</summary>
    EnableStats = 32,

    /// <summary><c>BPF_ITER_CREATE</c>: opens an iterator for reading.</summary>
    IterCreate = 33,

    /// <summary><c>BPF_LINK_DETACH</c>: detaches a link by force.</summary>
    LinkDetach = 34,

    /// <summary><c>BPF_PROG_BIND_MAP</c>: ties the life of a map to a program.</summary>
    ProgBindMap = 35,

    /// <summary><c>BPF_TOKEN_CREATE</c>: creates a BPF token.</summary>
    TokenCreate = 36,

    /// <summary><c>BPF_PROG_STREAM_READ_BY_FD</c>: reads the output stream of a program.</summary>
    ProgStreamReadByFd = 37,

    /// <summary><c>BPF_PROG_ASSOC_STRUCT_OPS</c>: associates a program with a struct_ops map.</summary>
    ProgAssocStructOps = 38,
}
