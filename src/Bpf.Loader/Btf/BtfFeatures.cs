using System;

namespace Bpf.Loader.Btf;

/// <summary>What a kernel takes of BTF; what it does not take is rewritten before it is loaded.</summary>
[Flags]
public enum BtfFeatures
{
    /// <summary>The first BTF: integers, pointers, arrays, structs, unions, enums, typedefs and qualifiers (Linux 4.18).</summary>
    None = 0,

    /// <summary>Functions and their prototypes (Linux 5.0).</summary>
    Functions = 1,

    /// <summary>Functions of global linkage (Linux 5.6).</summary>
    GlobalFunctions = 2,

    /// <summary>Variables and data sections (Linux 5.2).</summary>
    DataSections = 4,

    /// <summary>Floating-point numbers (Linux 5.13).</summary>
    Floats = 8,

    /// <summary>Tags on declarations (Linux 5.16).</summary>
    DeclarationTags = 16,

    /// <summary>Tags on types (Linux 5.17).</summary>
    TypeTags = 32,

    /// <summary>Enums of 64 bits, and the flag that makes an enum signed (Linux 6.0).</summary>
    Enum64 = 64,

    /// <summary>Data sections whose name begins with a question mark (Linux 6.10).</summary>
    QuestionMarkNames = 128,

    /// <summary>A header with a layout section (newer than Linux 6.18).</summary>
    Layout = 256,

    /// <summary>Data sections without a variable (Linux 5.12), as those are that hold only texts.</summary>
    EmptyDataSections = 512,

    /// <summary>Everything that is known here.</summary>
    All = Functions | GlobalFunctions | DataSections | Floats | DeclarationTags | TypeTags | Enum64 | QuestionMarkNames | Layout | EmptyDataSections,
}
