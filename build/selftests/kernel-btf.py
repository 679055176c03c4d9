"""Takes the BTF out of a kernel's image, without booting it: kernel-btf.py VMLINUZ OUT"""
import bz2
import lzma
import struct
import subprocess
import sys
import zlib


def payload(image):
    """The compressed part of an image that starts itself; other images are all payload."""
    if image[0x202:0x206] == b"HdrS":  # x86: Documentation/arch/x86/boot.rst
        real_mode_sectors = image[0x1F1] or 4
        offset, length = struct.unpack_from("<II", image, 0x248)
        start = (real_mode_sectors + 1) * 512 + offset
        return image[start : start + length]
    if image[4:8] == b"zimg":  # EFI: drivers/firmware/efi/libstub/zboot-header.S
        start, length = struct.unpack_from("<II", image, 8)
        return image[start : start + length]
    return image


def decompress(data):
    """The stream that the data starts with. The kernel's build puts a length behind it, which is no part of it."""
    if data.startswith(b"\xfd7zXZ\0"):
        return lzma.LZMADecompressor().decompress(data)
    if data.startswith(b"\x1f\x8b"):
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data)
    if data.startswith(b"BZh"):
        return bz2.BZ2Decompressor().decompress(data)
    if data.startswith(b"\x28\xb5\x2f\xfd"):
        return subprocess.run(["zstd", "-dc"], input=data, capture_output=True, check=False).stdout
    return data


def find_btf(kernel):
    """The kernel's BTF: the largest of what has a BTF header whose lengths add up."""
    header = struct.Struct("<HBBIIIII")
    magic = bytes.fromhex("9feb010018000000")
    best = b""
    at = kernel.find(magic)
    while at >= 0:
        _, _, _, size, type_offset, type_length, string_offset, string_length = header.unpack_from(kernel, at)
        end = at + size + string_offset + string_length
        if type_offset == 0 and string_offset == type_length and end <= len(kernel) and end - at > len(best):
            best = kernel[at:end]
        at = kernel.find(magic, at + 1)
    return best


def main():
    with open(sys.argv[1], "rb") as file:
        btf = find_btf(decompress(payload(decompress(file.read()))))
    if not btf:
        sys.exit(f"error: no BTF in {sys.argv[1]}")
    with open(sys.argv[2], "wb") as file:
        file.write(btf)


main()
