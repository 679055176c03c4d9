namespace Bpf.Loader.Classic;

/// <summary>How a filter is written down.</summary>
public enum ClassicForm
{
    /// <summary>An instruction a line with its index, as <c>tcpdump -d</c> has it.</summary>
    Listing,

    /// <summary>Assembly with labels, as <c>bpf_asm</c> of the kernel's <c>tools/bpf</c> reads it.</summary>
    Assembly,

    /// <summary>Lines of four decimal numbers after one with their count, as <c>tcpdump -ddd</c> has it.</summary>
    Decimal,

    /// <summary>The same in one line with commas, as <c>iptables -m bpf --bytecode</c> (<c>xt_bpf</c>) and tc's <c>bytecode</c> take it.</summary>
    Bytecode,

    /// <summary>Initialisers of <c>struct sock_filter</c> in C, as <c>tcpdump -dd</c> has them.</summary>
    C,
}
