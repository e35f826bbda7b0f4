"""Searches the Hub as our engine does, and lists all of it. Argument: number of models there are."""
import sys

from huggingface_hub import HfApi
from huggingface_hub.errors import GatedRepoError

api, total = HfApi(), int(sys.argv[1])
ids = [model.id for model in api.list_models()]
assert len(ids) == len(set(ids)) == total, f"{len(ids)} models, {len(set(ids))} different ones, {total} expected"
EXPAND = ["baseModels", "createdAt", "downloads", "gated", "gguf", "lastModified", "library_name", "likes", "pipeline_tag",
          "safetensors", "tags", "usedStorage"]
found = list(api.list_models(search="llama 1b", sort="downloads", limit=50, expand=EXPAND))
print(len(ids), found[0].id, found[0].downloads, found[0].gated, found[0].safetensors.total)
packed = list(api.list_models(filter=["gguf", "license:llama3.2"], author="bartowski", search="llama", sort="likes", limit=50, expand=EXPAND))
print(packed[0].gguf["total"], packed[0].base_models)
print(len(list(api.list_models(pipeline_tag="text-to-image", num_parameters="min:1B,max:3B", limit=5, full=True, cardData=True))))
try:
    api.auth_check("gated-org/gated-model", token="hf_local_reader")
except GatedRepoError as error:
    print(type(error).__name__, "authorized list" in str(error))
api.auth_check("gated-org/gated-model", token="hf_local_granted")
print(api.whoami(token="hf_local_granted")["auth"]["accessToken"]["role"])
