"""Compares MLX's quantization with the digests of test/quantize/vectors.ts: on a Mac for the rule `metal`, anywhere for `cpu`.

    pip install mlx numpy
    python tools/check-mlx.py

Exit code 0 when everything that could be tried here agrees. Put what it prints into docs/adr/0027-bytes-of-quantization.md.
"""
import hashlib
import platform
import sys

import mlx.core as mx
import numpy as np

DIGESTS = {
    (4, 32, "cpu"): "f6401ab7d0fddf7edb9191dfb16186bb2b8958f23295aeb86488a4bcdbe94b8b",
    (4, 32, "metal"): "545b683fb62e24473c99acb6d0b9a8abd6e8ba200a540750fc304c98c10a23ad",
    (4, 64, "cpu"): "e4c7be35dd747c5a1cc5bce137ab3d886443ff7f7ed7819da376511875eb8b17",
    (4, 64, "metal"): "d7e2c4f91b17318aa3449bd630820063e0e9e1c5d913a2dbad20c38b5958b9ed",
    (8, 32, "cpu"): "a0bdc06ea252b8669971f6da870be57c3cd468287004a50506e9426cfb29f85f",
    (8, 32, "metal"): "ae1fbfe57a9b3c43dd705077b926c9d65d85448898a46c60955e154697b35eb7",
    (8, 64, "cpu"): "011f9e769b2936eee4caaa7252cf54c18e338f17612076b6d06e2f66b8c2ee00",
    (8, 64, "metal"): "58df83060cb0464258d704f071d40d9f431df32ee4e358ab25c409e875d9f328",
}


def generated(seed, count):
    values = np.empty(count, dtype=np.uint16)
    x = seed
    for index in range(count):
        x = (1664525 * x + 1013904223) % 2**32
        values[index] = ((x >> 16) & 0x807F) | ((112 + ((x >> 10) & 7)) << 7)
    return values


def digest(weights, bits, group, stream):
    parts = mx.quantize(weights, group_size=group, bits=bits, stream=stream)
    return hashlib.sha256(b"".join(np.array(part.view(mx.uint8)).tobytes() for part in parts)).hexdigest()


def main():
    weights = mx.array(generated(7, 262144).reshape(256, 1024)).view(mx.bfloat16)
    rules = {"cpu": mx.cpu, **({"metal": mx.gpu} if mx.metal.is_available() else {})}
    print(f"mlx {mx.__version__}, {platform.platform()}, rules tried: {', '.join(rules)}")
    failed = 0
    for (bits, group, rule), expected in DIGESTS.items():
        if rule not in rules:
            continue
        found = digest(weights, bits, group, rules[rule])
        failed += found != expected
        print(f"{bits} bits, groups of {group}, {rule}: {'as expected' if found == expected else found}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
