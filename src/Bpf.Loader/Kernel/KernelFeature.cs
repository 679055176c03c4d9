namespace Bpf.Loader.Kernel;

/// <summary>What differs between kernels and has a way round it; each says what is done without it.</summary>
internal enum KernelFeature
{
    /// <summary>Names of programs and maps (4.15). Without: they are sent without a name.</summary>
    ProgramName,

    /// <summary>Addresses into map values in instructions (5.2). Without: no maps for globals; references to them are poisoned.</summary>
    GlobalData,

    /// <summary>BTF (4.18). Without: none is loaded; fatal for struct_ops only.</summary>
    Btf,

    /// <summary>BTF of functions (5.0). Without: no function and line information; FUNC becomes TYPEDEF, FUNC_PROTO ENUM.</summary>
    BtfFunction,

    /// <summary>BTF of global functions (5.6). Without: linkage is forced to static.</summary>
    BtfGlobalFunction,

    /// <summary>BTF of variables and sections (5.2). Without: VAR becomes INT, DATASEC STRUCT.</summary>
    BtfDataSection,

    /// <summary>BTF of sections without a variable (5.12), as those are that hold only texts. Without: DATASEC becomes STRUCT.</summary>
    BtfEmptyDataSection,

    /// <summary>BTF of floating-point types (5.13). Without: FLOAT becomes an empty STRUCT of the same size.</summary>
    BtfFloat,

    /// <summary>Declaration tags (5.16). Without: they become INT; exception callbacks are not looked for.</summary>
    BtfDeclarationTag,

    /// <summary>Type tags (5.17). Without: they become CONST.</summary>
    BtfTypeTag,

    /// <summary>Enumerations of 64 bits (6.0). Without: ENUM64 becomes UNION, and ENUM has no sign.</summary>
    BtfEnum64,

    /// <summary>Section names that begin with a question mark (6.10). Without: it becomes an underscore.</summary>
    BtfQuestionMarkDataSection,

    /// <summary>The layout section of BTF (newer than 6.19). Without: it is taken out.</summary>
    BtfLayout,

    /// <summary>Arrays that can be mapped (5.5). Without: the flag is taken from the maps of globals.</summary>
    ArrayMmap,

    /// <summary>An expected attach type (4.17). Without: sections for which it is optional send 0.</summary>
    ExpectedAttachType,

    /// <summary>bpf_probe_read_kernel and its kin (5.5). Without: calls become those of bpf_probe_read.</summary>
    ProbeReadKernel,

    /// <summary>BPF_PROG_BIND_MAP (5.10). Without: the map of read-only data is not bound.</summary>
    ProgramBindMap,

    /// <summary>BTF of modules, with names (5.11). Without: modules are not searched.</summary>
    ModuleBtf,

    /// <summary>Links of perf events (5.15). Without: programs are attached by ioctl.</summary>
    PerfLink,

    /// <summary>Cookies (5.15). Without: there are none; USDT finds its place by address.</summary>
    BpfCookie,

    /// <summary>Memory is counted by cgroup (5.11). Without: the limit of locked memory is raised.</summary>
    MemoryCgroupAccounting,

    /// <summary>System calls have a wrapper named after the architecture (4.17). Without: <c>__se_sys_</c> names are used.</summary>
    SyscallWrapper,

    /// <summary>Links of many uprobes, with a working filter by process (6.6). Without: one uprobe a place.</summary>
    UprobeMultiLink,

    /// <summary>The declaration tag <c>arg:ctx</c> (6.8). Without: function information is rewritten.</summary>
    ArgumentContextTag,

    /// <summary>Any offset into a map value in instructions (newer than 6.18). Without: globals are at the start of the arena.</summary>
    LoadImmediate64FullRange,

    /// <summary>The system call of uprobes on x86-64 (6.18). Without: USDT places are not moved behind their first nop.</summary>
    UprobeSyscall,

    /// <summary>Attributes common to all commands (newer than 6.19). Without: refused maps give no log.</summary>
    BpfSyscallCommonAttributes,

    /// <summary>The value of one CPU in a map that has one for each (newer than 6.18). Without: all values are read and written together.</summary>
    SingleCpuElements,
}
