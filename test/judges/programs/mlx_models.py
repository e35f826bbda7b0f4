"""Small models of the real classes of mlx-lm and moshi_mlx with random weights.

make FOLDER            saves one BF16 model a class below FOLDER
check SOURCE MADE KIND loads what was made strictly with the real class and compares it with MLX's own quantization
"""
import importlib
import json
import sys
from pathlib import Path

import mlx.core as mx
import mlx.nn as nn
from mlx.utils import tree_flatten

mx.set_default_device(mx.cpu)

BASE = dict(
    hidden_size=128, num_hidden_layers=2, intermediate_size=256, num_attention_heads=4, num_key_value_heads=2,
    rms_norm_eps=1e-5, vocab_size=512, max_position_embeddings=256, rope_theta=10000.0, head_dim=32,
)
LANGUAGE_MODELS = {
    "llama": dict(BASE, model_type="llama", tie_word_embeddings=False),
    "qwen3": dict(BASE, model_type="qwen3", tie_word_embeddings=True),
    "gemma": dict(BASE, model_type="gemma"),
}


def language_model(config):
    module = importlib.import_module(f"mlx_lm.models.{config['model_type']}")
    return module.Model(module.ModelArgs.from_dict(config))


def randomized(model):
    mx.random.seed(1)
    shapes = [(name, value.shape) for name, value in tree_flatten(model.parameters())]
    model.load_weights([(name, (mx.random.normal(shape) * 0.05).astype(mx.bfloat16)) for name, shape in shapes])
    mx.eval(model.parameters())
    return model


def moshi_model():
    from moshi_mlx import models

    config = models.config_v0_1()
    config.transformer.num_layers = 2
    config.depformer.num_slices = 2
    config.depformer.transformer.num_layers = 2
    for part, width in ((config.transformer, 256), (config.depformer.transformer, 256)):
        part.d_model = width
        part.num_heads = 4
        part.dim_feedforward = 4 * width
    return models.Lm(config)


def make(folder):
    for name, config in LANGUAGE_MODELS.items():
        target = Path(folder) / name
        target.mkdir(parents=True)
        (target / "config.json").write_text(json.dumps(config))
        mx.save_safetensors(str(target / "model.safetensors"), dict(tree_flatten(randomized(language_model(config)).parameters())))
    target = Path(folder) / "moshi"
    target.mkdir()
    mx.save_safetensors(str(target / "model.safetensors"), dict(tree_flatten(randomized(moshi_model()).parameters())))


def raw(value):
    return bytes(memoryview(value.view(mx.uint8)).tobytes())


def compare(ours, theirs):
    left, right = dict(tree_flatten(ours.parameters())), dict(tree_flatten(theirs.parameters()))
    assert left.keys() == right.keys(), sorted(left.keys() ^ right.keys())[:5]
    return [name for name in left if left[name].shape != right[name].shape or raw(left[name]) != raw(right[name])]


def check(source, made, kind):
    if kind == "moshi":
        weights = next(Path(made).glob("model.q*.safetensors"))
        bits, group = (4, 32) if ".q4." in weights.name else (8, 64)
        ours, theirs = moshi_model(), moshi_model()
        nn.quantize(ours, bits=bits, group_size=group)
        ours.load_weights(str(weights), strict=True)
        theirs.load_weights(str(Path(source) / "model.safetensors"), strict=True)
        nn.quantize(theirs, bits=bits, group_size=group)
        run = lambda model: model.text_linear(model.text_emb(mx.array([[1, 2, 3]])))
    else:
        from mlx_lm.utils import load_model

        ours, config = load_model(Path(made), strict=True)
        bits, group = config["quantization"]["bits"], config["quantization"]["group_size"]
        theirs = language_model(json.loads((Path(source) / "config.json").read_text()))
        theirs.load_weights(str(Path(source) / "model.safetensors"), strict=False)
        nn.quantize(theirs, bits=bits, group_size=group)
        run = lambda model: model(mx.array([[1, 2, 3]]))
    different = compare(ours, theirs)
    same_output = bool(mx.array_equal(run(ours), run(theirs)))
    return {"different": different, "sameOutput": same_output, "tensors": len(tree_flatten(ours.parameters()))}


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(sys.argv[2])
        print("{}")
    else:
        print(json.dumps(check(*sys.argv[2:5])))
