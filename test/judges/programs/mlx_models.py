"""Small models of the real classes of mlx-lm, moshi_mlx and parakeet_mlx with random weights.

make FOLDER            saves one model a class below FOLDER: BF16, of Parakeet F32
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


def randomized(model, seed=1, dtype=mx.bfloat16):
    mx.random.seed(seed)
    shapes = [(name, value.shape) for name, value in tree_flatten(model.parameters())]
    model.load_weights([(name, (mx.random.normal(shape) * 0.05).astype(dtype)) for name, shape in shapes])
    mx.eval(model.parameters())
    return model


DURATIONS = [0, 1, 2, 3, 4]
PARAKEET = {
    "target": "nemo.collections.asr.models.rnnt_bpe_models.EncDecRNNTBPEModel",
    "model_defaults": {"tdt_durations": DURATIONS},
    "preprocessor": dict(
        sample_rate=16000, normalize="per_feature", window_size=0.025, window_stride=0.01, window="hann",
        features=80, n_fft=512, dither=0.0,
    ),
    "encoder": dict(
        feat_in=80, n_layers=2, d_model=64, n_heads=4, ff_expansion_factor=4, subsampling_factor=8,
        self_attention_model="rel_pos", subsampling="dw_striding", conv_kernel_size=9,
        subsampling_conv_channels=32, pos_emb_max_len=500,
    ),
    "decoder": dict(blank_as_pad=True, vocab_size=31, prednet=dict(pred_hidden=64, pred_rnn_layers=2)),
    "joint": dict(
        num_classes=31, vocabulary=[f"w{number}" for number in range(31)], num_extra_outputs=5,
        jointnet=dict(joint_hidden=64, activation="relu", encoder_hidden=64, pred_hidden=64),
    ),
    "decoding": dict(model_type="tdt", durations=DURATIONS, greedy=None),
}


def make_parakeet(target):
    from parakeet_mlx.utils import from_config

    target.mkdir()
    mx.random.seed(3)
    # As the class begins: statistics of its normalization must not be random.
    weights = dict(tree_flatten(from_config(PARAKEET).parameters()))
    (target / "config.json").write_text(json.dumps(PARAKEET))
    mx.save_safetensors(str(target / "model.safetensors"), weights)


def hear(model):
    """Two seconds of noise through encoder, decoder and joint network."""
    mx.random.seed(4)
    sound = mx.random.normal((1, 200, 80)).astype(mx.bfloat16)
    features, _ = model.encoder(sound)
    predicted, _ = model.decoder(mx.array([[5, 6, 7]]))
    return [features, predicted, model.joint(features, predicted)]


# Two sets of weights in the same classes: that is how the two differ.
MOSHIS = ("moshiko", "moshika")


def moshi_step(model):
    """Two steps of speech through all layers, both transformers and every head, without chance."""
    from moshi_mlx.utils.sampling import Sampler

    found = []
    text = mx.array([[model.cfg.text_out_vocab_size]])
    audio = [mx.array([[0]])] * model.cfg.audio_codebooks
    for _ in range(2):
        text, heard, hidden = model._sample(text, audio, Sampler(temp=0.0), Sampler(temp=0.0))
        found += [text, heard, hidden, model.text_linear(hidden)]
        text = text.reshape(1, 1)
    return found


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
    make_parakeet(Path(folder) / "parakeet")
    for seed, name in enumerate(MOSHIS):
        target = Path(folder) / name
        target.mkdir()
        weights = randomized(moshi_model(), seed).parameters()
        mx.save_safetensors(str(target / "model.safetensors"), dict(tree_flatten(weights)))


def raw(value):
    return bytes(memoryview(value.view(mx.uint8)).tobytes())


def compare(ours, theirs):
    left, right = dict(tree_flatten(ours.parameters())), dict(tree_flatten(theirs.parameters()))
    assert left.keys() == right.keys(), sorted(left.keys() ^ right.keys())[:5]
    return [name for name in left if left[name].shape != right[name].shape or raw(left[name]) != raw(right[name])]


def check(source, made, kind):
    if kind in MOSHIS:
        weights = next(Path(made).glob("model.q*.safetensors"))
        bits, group = (4, 32) if ".q4." in weights.name else (8, 64)
        ours, theirs = moshi_model(), moshi_model()
        nn.quantize(ours, bits=bits, group_size=group)
        ours.load_weights(str(weights), strict=True)
        theirs.load_weights(str(Path(source) / "model.safetensors"), strict=True)
        nn.quantize(theirs, bits=bits, group_size=group)
        run = moshi_step
    elif kind == "parakeet":
        from parakeet_mlx import from_pretrained

        ours, theirs = from_pretrained(made), from_pretrained(source)
        stored = mx.load(str(Path(made) / "model.safetensors"))
        assert {value.dtype for value in stored.values()} == {mx.bfloat16}
        run = hear
    else:
        from mlx_lm.utils import load_model

        ours, config = load_model(Path(made), strict=True)
        bits, group = config["quantization"]["bits"], config["quantization"]["group_size"]
        theirs = language_model(json.loads((Path(source) / "config.json").read_text()))
        theirs.load_weights(str(Path(source) / "model.safetensors"), strict=False)
        nn.quantize(theirs, bits=bits, group_size=group)
        run = lambda model: [model(mx.array([[1, 2, 3]]))]
    different = compare(ours, theirs)
    outputs = list(zip(run(ours), run(theirs), strict=True))
    same_output = all(bool(mx.array_equal(left, right)) for left, right in outputs)
    # Nothing is proved by outputs that are all alike.
    varied = len({float(value) for value in outputs[-1][0].astype(mx.float32).flatten().tolist()}) > 10
    return {"different": different, "sameOutput": same_output, "varied": varied, "tensors": len(tree_flatten(ours.parameters()))}


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(sys.argv[2])
        print("{}")
    else:
        print(json.dumps(check(*sys.argv[2:5])))
