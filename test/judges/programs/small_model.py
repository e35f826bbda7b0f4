"""A small model in two shards. `make FOLDER` writes it; `load REPOSITORY` reads it from the cache as transformers does."""
import json
import os
import sys

import numpy
from safetensors import safe_open
from safetensors.numpy import save_file

SHARDS = ("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors")


def tensors(shard):
    random = numpy.random.default_rng(shard)
    return {f"layers.{shard}.weight": random.standard_normal((512, 640), dtype=numpy.float32),
            f"layers.{shard}.bias": random.standard_normal(640).astype(numpy.float16)}


def make(folder):
    index = {"metadata": {}, "weight_map": {}}
    for number, name in enumerate(SHARDS):
        save_file(tensors(number), os.path.join(folder, name), metadata={"format": "np"})
        index["weight_map"].update({key: name for key in tensors(number)})
    for name, value in (("model.safetensors.index.json", index), ("config.json", {"model_type": "small", "layers": len(SHARDS)})):
        with open(os.path.join(folder, name), "w") as file:
            json.dump(value, file)


def load(repository):
    from huggingface_hub import hf_hub_download

    def cached(name):
        return hf_hub_download(repository, name, local_files_only=True)

    with open(cached("config.json")) as file:
        layers = json.load(file)["layers"]
    with open(cached("model.safetensors.index.json")) as file:
        weight_map = json.load(file)["weight_map"]
    expected = {key: value for number in range(layers) for key, value in tensors(number).items()}
    assert set(weight_map) == set(expected), weight_map
    for name in sorted(set(weight_map.values())):
        with safe_open(cached(name), framework="numpy") as shard:
            for key in shard.keys():
                assert weight_map[key] == name and numpy.array_equal(shard.get_tensor(key), expected[key]), key
    print(f"{len(expected)} tensors as they were made")


{"make": make, "load": load}[sys.argv[1]](sys.argv[2])
