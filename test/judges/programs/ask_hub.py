"""Asks the Hub what our engine asks it too. Argument: repository."""
import sys

from huggingface_hub import HfApi

api, repo = HfApi(), sys.argv[1]
info = api.model_info(repo, files_metadata=True, revision="main")
files = [file.rfilename for file in info.siblings]
print(len(files), info.sha)
print(len(list(api.list_repo_tree(repo, recursive=True, revision=info.sha))))
print(len(api.get_paths_info(repo, files[:2], revision=info.sha)))
print([branch.name for branch in api.list_repo_refs(repo).branches])
print(api.whoami(token="hf_local_reader")["name"])
