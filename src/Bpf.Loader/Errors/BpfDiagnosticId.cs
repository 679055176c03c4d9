namespace Bpf.Loader;

/// <summary>The stable ids of all findings: 1xxx ELF and objects, 2xxx BTF, 3xxx CO-RE, 4xxx load, 5xxx attach, 6xxx the machine of tests, 7xxx analyzers, 8xxx builds; never used again.</summary>
public enum BpfDiagnosticId
{
    /// <summary>The file is malformed in a way that has no id of its own.</summary>
    Malformed = 1000,
    /// <summary>The file does not begin with the ELF magic.</summary>
    NotElf = 1001,
    /// <summary>The ELF file is not 64-bit.</summary>
    Not64Bit = 1002,
    /// <summary>The ELF file is not a relocatable object for BPF.</summary>
    NotBpf = 1003,
    /// <summary>The file ends before what its headers promise.</summary>
    Truncated = 1004,
    /// <summary>A section header, or the data that it names, is out of range.</summary>
    BadSection = 1005,
    /// <summary>A string table has no terminator, or an offset lies outside of it.</summary>
    BadString = 1006,
    /// <summary>A symbol table or one of its symbols is malformed.</summary>
    BadSymbol = 1007,
    /// <summary>A relocation section or one of its records is malformed.</summary>
    BadRelocation = 1008,
    /// <summary>The file cannot be read.</summary>
    Unreadable = 1009,
    /// <summary>The file is LLVM bitcode, which no code was made of yet.</summary>
    Bitcode = 1010,
    /// <summary>The file is source, of C or of an assembler.</summary>
    SourceText = 1011,
    /// <summary>The file is a pointer of git-lfs or git-annex, in place of the file itself.</summary>
    GitPointer = 1012,
    /// <summary>The file is an archive.</summary>
    Archive = 1013,
    /// <summary>The file is compressed.</summary>
    CompressedFile = 1014,
    /// <summary>The file is the answer of a web server.</summary>
    WebPage = 1015,
    /// <summary>The file is a program, library or object of another system: Mach-O, PE, WebAssembly, or a kernel image.</summary>
    ForeignFormat = 1016,
    /// <summary>The file is raw BTF, where an object is wanted.</summary>
    RawBtf = 1017,
    // 11xx: programs, maps, globals and externs of an object.
    /// <summary>There are several symbol tables.</summary>
    SeveralSymbolTables = 1101,
    /// <summary>There is no symbol table: the object was stripped.</summary>
    NoSymbolTable = 1102,
    /// <summary>The section <c>license</c> is empty.</summary>
    EmptyLicense = 1103,
    /// <summary>The section <c>version</c> does not hold 4 bytes.</summary>
    BadVersion = 1104,
    /// <summary>The BTF sections have the wrong type.</summary>
    BadBtfSection = 1105,
    /// <summary>A relocation section applies to a section that does not exist.</summary>
    BadRelocationTarget = 1106,
    /// <summary>A function crosses the end of its section.</summary>
    FunctionCrossesSection = 1107,
    /// <summary>A function is empty, or does not consist of whole instructions.</summary>
    BadFunction = 1108,
    /// <summary>Two functions overlap.</summary>
    FunctionsOverlap = 1109,
    /// <summary>The object needs BTF to be understood, and has none that can be read.</summary>
    BtfNeeded = 1110,
    /// <summary>The file describes far more than it has bytes.</summary>
    Excessive = 1111,
    /// <summary>A 64-bit load is cut in half by the end of its function.</summary>
    InstructionCut = 1115,
    /// <summary>An extern is used in an object without BTF.</summary>
    ExternWithoutBtf = 1120,
    /// <summary>An extern is not declared in the BTF.</summary>
    ExternNotDeclared = 1121,
    /// <summary>What the BTF says of an extern is not extern.</summary>
    ExternNotExtern = 1122,
    /// <summary>An extern is in no section of the BTF.</summary>
    ExternWithoutSection = 1123,
    /// <summary>An extern is in a section that is neither <c>.kconfig</c> nor <c>.ksyms</c>.</summary>
    ExternUnknownSection = 1124,
    /// <summary>A function is declared as a value of the kernel's configuration.</summary>
    ExternConfigFunction = 1125,
    /// <summary>A value of the kernel's configuration has a type that it cannot have.</summary>
    ExternConfigType = 1126,
    /// <summary>The BTF declares an extern that the object does not use.</summary>
    ExternWithoutSymbol = 1127,
    /// <summary>A data section of the BTF is not in the object, or is empty there.</summary>
    DataSectionMissing = 1130,
    /// <summary>A variable of the BTF has no symbol in the object.</summary>
    DataSectionWithoutSymbol = 1131,
    /// <summary>A data section of the BTF lists something that is not a variable.</summary>
    DataSectionEntry = 1132,
    /// <summary>A data section is too large for a map.</summary>
    DataSectionTooLarge = 1133,
    /// <summary>There is a section <c>.maps</c> and no description of it in the BTF.</summary>
    MapsWithoutDescription = 1140,
    /// <summary>A map definition has no name, is no variable, or lies outside of its section.</summary>
    MapBadVariable = 1141,
    /// <summary>A map definition is not global.</summary>
    MapLinkage = 1142,
    /// <summary>A map definition is not a struct.</summary>
    MapNotStruct = 1143,
    /// <summary>A map definition has a field that is not known.</summary>
    MapUnknownField = 1144,
    /// <summary>A field of a map definition does not encode a value as it must.</summary>
    MapBadField = 1145,
    /// <summary>The sizes that a map definition gives contradict each other.</summary>
    MapSizeConflict = 1146,
    /// <summary>A map definition asks for a pinning that does not exist, or that is not allowed there.</summary>
    MapBadPinning = 1147,
    /// <summary>An inner map has inner maps itself.</summary>
    MapNestedInner = 1148,
    /// <summary>The initial values of a map definition are malformed, or not possible for its type.</summary>
    MapBadValues = 1149,
    /// <summary>A map definition has no type.</summary>
    MapWithoutType = 1150,
    /// <summary>There is more than one arena.</summary>
    SeveralArenas = 1151,
    /// <summary>The arena is too small for the variables in it.</summary>
    ArenaTooSmall = 1152,
    /// <summary>There are variables in an arena, and no arena.</summary>
    ArenaMissing = 1153,
    /// <summary>A map definition of the old form is malformed.</summary>
    LegacyMapMalformed = 1154,
    /// <summary>A map definition of iproute2's form refers to an inner map that does not exist.</summary>
    LegacyMapInner = 1155,
    /// <summary>A struct_ops section is not described in the BTF.</summary>
    StructOpsWithoutDescription = 1160,
    /// <summary>A variable of a struct_ops section is no struct, or lies outside of the section.</summary>
    StructOpsBadVariable = 1161,
    /// <summary>A variable of a struct_ops section is an anonymous struct.</summary>
    StructOpsAnonymous = 1162,
    /// <summary>A pointer of a struct_ops variable is at no member that takes a program.</summary>
    StructOpsBadMember = 1163,
    /// <summary>A pointer of a struct_ops variable does not lead to a program for struct_ops.</summary>
    StructOpsBadProgram = 1164,
    /// <summary>A relocation of code lies outside of the code, or its symbol lies nowhere.</summary>
    RelocationOutOfRange = 1170,
    /// <summary>An instruction is relocated that is neither a call nor a 64-bit load.</summary>
    RelocationInstruction = 1171,
    /// <summary>A relocated call is none of a sub-program.</summary>
    RelocationCall = 1172,
    /// <summary>A call does not lead to a function.</summary>
    CallTarget = 1173,
    /// <summary>A symbol is used that is not defined.</summary>
    UndefinedSymbol = 1174,
    /// <summary>An instruction refers to something that is neither a map, a variable nor a function.</summary>
    BadReference = 1175,
    /// <summary>An initial value in <c>.maps</c> belongs to no map, or to no slot of it.</summary>
    SlotOutOfRange = 1176,
    /// <summary>An initial value in <c>.maps</c> is not what its map holds.</summary>
    SlotTarget = 1177,
    /// <summary>A section was skipped.</summary>
    SectionSkipped = 1190,
    /// <summary>The object has no license.</summary>
    NoLicense = 1191,
    /// <summary>A section name does not tell the type of its programs.</summary>
    SectionNameUnknown = 1192,
    /// <summary>The BTF cannot be read and is not needed.</summary>
    BtfIgnored = 1193,
    /// <summary>The section <c>.BTF.ext</c> cannot be read, or there is no BTF to go with it.</summary>
    BtfExtIgnored = 1194,
    /// <summary>A map definition has fields that are ignored.</summary>
    MapFieldIgnored = 1195,
    /// <summary>Pointers in a variable are not filled in.</summary>
    DataPointersIgnored = 1196,
    /// <summary>A function outside of <c>.text</c> is static and called, and thus no program but a sub-program.</summary>
    StaticFunction = 1197,
    // 118x: linking.
    /// <summary>A call leads to no function.</summary>
    BadCall = 1180,
    /// <summary>The exception callback of a program is missing or cannot be used.</summary>
    BadExceptionCallback = 1181,
    /// <summary>A jump table is malformed.</summary>
    BadJumpTable = 1182,
    /// <summary>A variable lies outside of its section.</summary>
    VariableOutOfRange = 1198,
    /// <summary>A data section was given a size for which its map has no type.</summary>
    ResizedWithoutType = 1199,

    // 12xx: linking of objects.
    /// <summary>An object has a section that cannot be linked.</summary>
    LinkInput = 1201,
    /// <summary>Objects for machines of different byte orders cannot be linked.</summary>
    LinkByteOrder = 1202,
    /// <summary>Sections of a name are of different types, or have different flags.</summary>
    LinkSections = 1203,
    /// <summary>The objects have different licenses, or are for different kernel versions.</summary>
    LinkContents = 1204,
    /// <summary>Two objects define a symbol, and none of the definitions is weak.</summary>
    LinkConflict = 1205,
    /// <summary>Two objects describe a symbol differently.</summary>
    LinkTypes = 1206,
    /// <summary>Two objects define or declare a map differently.</summary>
    LinkMaps = 1207,
    /// <summary>A symbol that two objects speak of, or an extern, is not described by BTF.</summary>
    LinkWithoutBtf = 1208,
    /// <summary>A function outside of <c>.text</c> is static and nothing calls it: it is taken for a program.</summary>
    StaticProgram = 1210,
    /// <summary>A static function outside of <c>.text</c> is called by nothing, and is no program either.</summary>
    StaticFunctionUnused = 1211,

    // 2xxx: BTF.
    /// <summary>The BTF header is malformed.</summary>
    BadBtfHeader = 2001,
    /// <summary>The BTF string section is malformed.</summary>
    BadBtfStrings = 2002,
    /// <summary>A BTF type is malformed or cut off.</summary>
    BadBtfType = 2003,
    /// <summary>A BTF type refers to a type or a name that does not exist.</summary>
    BadBtfReference = 2004,
    /// <summary>The size of a BTF type cannot be told: it is incomplete, loops, or overflows.</summary>
    NoBtfSize = 2005,
    /// <summary>The section <c>.BTF.ext</c> is malformed.</summary>
    BadBtfExt = 2006,
    /// <summary>The types refer to each other in so many ways that working through them would take very long.</summary>
    BtfExcessive = 2010,
    /// <summary>A CO-RE record names no instruction, or only half of one.</summary>
    BadCoReRecord = 3001,
    /// <summary>The access path of a CO-RE record does not fit the object's own types.</summary>
    BadCoRePath = 3002,
    /// <summary>The kind of a CO-RE record is not known.</summary>
    UnknownCoReKind = 3003,
    /// <summary>A CO-RE record is about a type without a name, which cannot be looked for.</summary>
    AnonymousCoReType = 3004,
    /// <summary>Several types of the target fit, and they disagree about the answer.</summary>
    AmbiguousCoRe = 3005,
    /// <summary>The types are nested too deep to be compared.</summary>
    CoReTooDeep = 3006,
    /// <summary>The answer cannot be told from the types: a size is unknown, or a bit-field is too wide to be loaded.</summary>
    NoCoReValue = 3007,
    /// <summary>The instruction does not hold what the object's own types say that it holds.</summary>
    CoReInstructionDiffers = 3008,
    /// <summary>The instruction is of a kind that CO-RE cannot change.</summary>
    BadCoReInstruction = 3009,
    /// <summary>The answer is too large for the instruction.</summary>
    CoReValueTooLarge = 3010,
    /// <summary>The load or store cannot be made as wide as the target's member.</summary>
    BadCoReWidth = 3011,
    /// <summary>The target has no such type, member or enumerator; what uses it must not be reached.</summary>
    CoReTargetMissing = 3020,
    /// <summary>The target's member has another size and a load or store of it would go wrong; it must not be reached.</summary>
    CoReWidthDiffers = 3021,
    /// <summary>The kernel refused a system call, for a reason that has no id of its own.</summary>
    KernelRefused = 4000,
    /// <summary>A value of the kernel's configuration does not fit its <c>__kconfig</c> extern, or the extern has no known name.</summary>
    BadKernelConfigValue = 4001,
    /// <summary>An extern is declared with a type that is not the kernel's.</summary>
    IncompatibleExtern = 4002,
    /// <summary>The kernel has several symbols of a name.</summary>
    AmbiguousSymbol = 4003,
    /// <summary>The kernel refused a map with its BTF and took it without.</summary>
    MapBtfRefused = 4004,
    /// <summary>The kernel refused the BTF of the object, which was loaded without.</summary>
    BtfRefused = 4005,
    /// <summary>A pinned or given map is not like the one that the object defines.</summary>
    MapMismatch = 4006,
    /// <summary>A struct_ops map does not fit the structure that the kernel has.</summary>
    StructOpsMismatch = 4007,
    /// <summary>The object is for machines of the other byte order.</summary>
    ForeignByteOrder = 4008,
    /// <summary>The section name of a program says nothing about its type.</summary>
    NoProgramType = 4009,
    /// <summary>What a program attaches to is not said, or is not in the kernel.</summary>
    NoAttachTarget = 4010,
    /// <summary>A map of constants could not be bound to a program.</summary>
    MapNotBound = 4011,
    /// <summary>The kernel lacks something that was left out.</summary>
    FeatureLeftOut = 4012,
    /// <summary>The process may not find out whether the kernel has something, which its version was asked for instead.</summary>
    FeatureUnknown = 4013,
    /// <summary>A kernel lacks a function or variable that a program needs.</summary>
    MissingExtern = 4020,
    /// <summary>A kernel lacks a helper that a program calls.</summary>
    MissingHelper = 4021,
    /// <summary>The process may not do what was asked: it lacks a capability, or its token does not delegate it.</summary>
    NotPermitted = 4030,
    /// <summary>The kernel refused a program, mostly by its verifier.</summary>
    ProgramRefused = 4031,
    /// <summary>The kernel refused to create a map.</summary>
    MapRefused = 4032,
    /// <summary>The kernel refused what the object puts into a map before its programs run.</summary>
    MapContentsRefused = 4033,
    /// <summary>A map cannot be pinned, or what is pinned cannot be opened.</summary>
    PinRefused = 4034,
    /// <summary>A bpf file system gives no token.</summary>
    NoToken = 4035,
    /// <summary>The kernel's types are needed, and are not there or cannot be read.</summary>
    NoKernelTypes = 4036,
    /// <summary>The addresses of the kernel's symbols are needed, and are hidden or cannot be read.</summary>
    NoKernelSymbols = 4037,
    /// <summary>The kernel's configuration is needed, and cannot be read.</summary>
    NoKernelConfig = 4038,
    /// <summary>This kernel lacks a feature.</summary>
    NotSupported = 4039,
    /// <summary>A file of the kernel's in <c>/proc</c> or <c>/sys</c> is needed, and is hidden or cannot be read.</summary>
    SystemFileUnreadable = 4040,
    /// <summary>A path cannot be that of a pin: a name in it has a dot or is too long, or it names no file.</summary>
    BadPinPath = 4044,
    /// <summary>A map is pinned by its name, and the name cannot be that of a file, or would lead elsewhere.</summary>
    BadPinName = 4045,
    /// <summary>What is pinned is of another kind than what was to be opened.</summary>
    PinnedOtherKind = 4046,
    /// <summary>A map that was there before keeps what it holds; what the object would put into it is left out.</summary>
    ContentsKept = 4047,
    /// <summary>A map of constants that was there before holds others than the object, or can still be changed.</summary>
    OtherConstants = 4048,
    /// <summary>A map that was there before has keys or values of other types than the object's.</summary>
    OtherTypes = 4049,
    /// <summary>The kernel does not take names of the object's types, and got others for them.</summary>
    BtfNamesCleaned = 4050,
    /// <summary>The object has functions, and none of them is a program.</summary>
    NothingLoaded = 4051,
    /// <summary>A C# structure is not laid out as the C type that it stands for.</summary>
    LayoutMismatch = 4052,
    /// <summary>An object has something that cannot be loaded by a program in the kernel (a light skeleton).</summary>
    NotLight = 4053,
    /// <summary>The kernel does not take the signature of a program.</summary>
    SignatureRefused = 4054,

    // 41xx: what the verifier refuses.
    /// <summary>The verifier: a pointer may be null where it is used.</summary>
    PointerMayBeNull = 4101,
    /// <summary>The verifier: a number is used as a pointer.</summary>
    NumberUsedAsPointer = 4102,
    /// <summary>The verifier: an index or length has no bounds, or too wide ones.</summary>
    IndexOutOfBounds = 4103,
    /// <summary>The verifier: a packet is read or written beyond what was checked.</summary>
    PacketNotChecked = 4104,
    /// <summary>The verifier: a loop cannot be seen to end.</summary>
    LoopWithoutEnd = 4105,
    /// <summary>The verifier: the program is too complex, or has too many instructions.</summary>
    TooComplex = 4106,
    /// <summary>The verifier: the stack of a function, or of a chain of calls, is too large.</summary>
    StackTooLarge = 4107,
    /// <summary>The verifier: memory on the stack is used that was not wholly written.</summary>
    StackNotWritten = 4108,
    /// <summary>The verifier: a helper cannot be called by programs of this type.</summary>
    HelperNotForType = 4109,
    /// <summary>The verifier: a function is for programs under a GPL-compatible license.</summary>
    HelperNeedsGpl = 4110,
    /// <summary>The verifier: a function may sleep, and the program or the place may not.</summary>
    HelperMaySleep = 4111,
    /// <summary>The verifier: the program's type may not read this part of the context.</summary>
    ContextMemberRefused = 4112,
    /// <summary>The verifier: a part of the context is written that is not writable.</summary>
    ContextWritten = 4113,
    /// <summary>The verifier: the program returns what its hook does not take.</summary>
    WrongReturnValue = 4114,
    /// <summary>The verifier: something that was taken is not given back on each way out.</summary>
    ReferenceKept = 4115,
    /// <summary>The verifier: something is done under a lock, or in a section, that is not allowed there.</summary>
    LockHeld = 4116,
    /// <summary>The verifier: memory is accessed at an address that is no multiple of its size.</summary>
    Misaligned = 4117,
    /// <summary>The verifier: arithmetic on a pointer that it cannot follow, or a pointer that would leak.</summary>
    PointerArithmetic = 4118,
    /// <summary>The verifier: memory is written that is read-only for programs.</summary>
    ReadOnlyMemoryWritten = 4119,
    /// <summary>The verifier: a kernel function cannot be called here, or with these arguments.</summary>
    KernelFunctionRefused = 4120,
    /// <summary>The verifier: a kernel object is accessed in a way that its type does not allow.</summary>
    KernelObjectRefused = 4121,
    /// <summary>The verifier: an argument of a function is not of the kind that it takes.</summary>
    HelperArgumentRefused = 4122,
    /// <summary>The verifier: something is used after it was given back.</summary>
    UsedAfterRelease = 4123,
    /// <summary>The verifier: a register is used that has no value.</summary>
    NoValue = 4124,
    /// <summary>The verifier: a call, callback or tail call is not allowed like this.</summary>
    CallRefused = 4125,
    /// <summary>The verifier: the types of the program's functions are missing or do not fit.</summary>
    FunctionInfoMissing = 4126,
    /// <summary>The verifier: the program has instructions that nothing reaches, or jumps out of itself.</summary>
    CodeUnreachable = 4127,
    /// <summary>The program uses a map that was not created.</summary>
    MapNotCreated = 4128,

    // 5xxx: attach.
    /// <summary>The kernel refused to attach, for a reason that has no id of its own.</summary>
    AttachFailed = 5000,
    /// <summary>The attach part of a section name, or another description of a target, is malformed.</summary>
    BadAttachTarget = 5001,
    /// <summary>The program's section name does not say where to attach it.</summary>
    NoAutoAttach = 5002,
    /// <summary>There is no such tracepoint.</summary>
    NoSuchTracepoint = 5003,
    /// <summary>The kernel has no such function.</summary>
    NoSuchKernelFunction = 5004,
    /// <summary>The kernel has the function but does not let it be traced.</summary>
    NotTraceable = 5005,
    /// <summary>There is no such executable or library.</summary>
    NoSuchBinary = 5006,
    /// <summary>The executable or library cannot be read: not ELF, or compressed in its archive.</summary>
    BadBinary = 5007,
    /// <summary>The executable or library has no such function.</summary>
    NoSuchSymbol = 5008,
    /// <summary>The executable or library has several different functions of that name.</summary>
    AmbiguousFunction = 5009,
    /// <summary>The executable or library has no such USDT probe.</summary>
    NoSuchUsdtProbe = 5010,
    /// <summary>A USDT note or its argument description is malformed or of a form that is not known.</summary>
    BadUsdtNote = 5011,
    /// <summary>Attaching is not permitted.</summary>
    AttachNotPermitted = 5012,
    /// <summary>The tracing file system is not there and cannot be mounted.</summary>
    NoTraceFs = 5013,
    /// <summary>No function matches a pattern.</summary>
    NoMatch = 5014,
    /// <summary>There is no such network interface.</summary>
    NoSuchInterface = 5015,
    /// <summary>Another program is attached where only one can be.</summary>
    AlreadyAttached = 5016,
    /// <summary>The path is not a cgroup of version 2.</summary>
    NotACgroup = 5017,
    /// <summary>The object has no usable map for the descriptions of USDT arguments.</summary>
    NoUsdtSpecs = 5018,
    /// <summary>No probe there can be hit: it is not code, or not code that the kernel puts probes into.</summary>
    NotProbeable = 5019,
    /// <summary>A process runs an older file than the one that has its name now, and that older one cannot be reached.</summary>
    ReplacedBinary = 5020,
    /// <summary>The executable or library is for another machine, whose code does not run here.</summary>
    ForeignBinary = 5021,
    /// <summary>The executable or library became another file while it was attached to.</summary>
    BinaryChanged = 5022,
    /// <summary>An attachment that failed halfway could not be taken back, or may still be there.</summary>
    NotTakenBack = 5027,

    // 503x: what is attached and does not work as it looks.
    /// <summary>An argument of a USDT probe is in a place that cannot be read; the program gets an error for it.</summary>
    UsdtArgumentUnreadable = 5030,
    /// <summary>A program was passed over by <see cref="BpfObject.AttachAll"/>.</summary>
    ProgramPassedOver = 5031,
    /// <summary>Nothing at all was attached.</summary>
    NothingAttached = 5032,
    /// <summary>A link was left to the garbage collector without having been disposed.</summary>
    LinkCollected = 5033,
    /// <summary>A buffer was opened that no loaded program can write to.</summary>
    BufferWithoutWriter = 5034,
    /// <summary>A link was disposed of, and the kernel refused to detach what it attached: it is still attached.</summary>
    NotDetached = 5035,

    // 6xxx: faults of programs in the machine of Bpf.Loader.Testing.
    /// <summary>A program accessed memory outside of the region that its pointer is of.</summary>
    OutOfBounds = 6001,
    /// <summary>A program used memory that it had given back, such as a submitted record.</summary>
    UseAfterRelease = 6002,
    /// <summary>A program used a null pointer.</summary>
    NullPointer = 6003,
    /// <summary>A program used a number that is no pointer, or a pointer to what cannot be looked into.</summary>
    BadPointer = 6004,
    /// <summary>A program read bytes of its stack that it had not written.</summary>
    UninitialisedStack = 6005,
    /// <summary>A program wrote what it may only read.</summary>
    ReadOnlyMemory = 6006,
    /// <summary>A program ran for more instructions than it was given.</summary>
    InstructionBudget = 6007,
    /// <summary>A program called functions deeper than the kernel allows.</summary>
    TooManyFrames = 6008,
    /// <summary>A program called a helper that nobody supplies.</summary>
    HelperNotSupplied = 6009,
    /// <summary>A program called a kernel function that nobody supplies.</summary>
    KernelFunctionNotSupplied = 6010,
    /// <summary>A program reached an instruction that the kernel refuses.</summary>
    BadInstruction = 6011,
    /// <summary>A program gave a helper or kernel function an argument that the kernel refuses.</summary>
    BadHelperArgument = 6012,
    /// <summary>A program took a lock twice, or kept one.</summary>
    LockMisused = 6013,
    /// <summary>A helper or kernel function that the test supplied threw an exception, which is the inner one.</summary>
    SuppliedBodyThrew = 6014,

    // 7xxx: mistakes in the use of the library, found by the analyzers that come with the package.
    /// <summary>Code attaches a program and keeps the link nowhere: the garbage collector ends it.</summary>
    LinkDropped = 7001,
    /// <summary>Code opens or loads something of the kernel and never disposes of it.</summary>
    NotDisposed = 7002,
    /// <summary>Code changes a description after its load, which took a copy.</summary>
    ChangedAfterLoad = 7003,
    /// <summary>Code loads a skeleton and attaches or runs none of its programs.</summary>
    NotAttached = 7004,

    // 8xxx: builds, by Bpf.Loader.Build and the command bpf.
    /// <summary>A file that is made of an object, such as a class, cannot be made or written.</summary>
    NotGenerated = 8001,
    /// <summary>There is no clang, or it cannot be run.</summary>
    ClangNotFound = 8010,
    /// <summary>There is only a clang that is too old.</summary>
    ClangTooOld = 8011,
    /// <summary>clang warns.</summary>
    ClangWarning = 8012,
    /// <summary>clang refuses the source.</summary>
    ClangError = 8013,
    /// <summary>clang does not find a header of libbpf or of the kernel.</summary>
    HeaderNotFound = 8014,
    /// <summary>The machine to compile for is not known.</summary>
    ArchitectureUnknown = 8020,
    /// <summary>A source was not compiled, or no class was made of an object, and the command did not say why.</summary>
    BuildStepFailed = 8021,
    /// <summary>An object was not checked against the types of a kernel.</summary>
    NotChecked = 8022,
    /// <summary>The types of a kernel, which the assembly was to carry, were not taken.</summary>
    NotTaken = 8023,
}
