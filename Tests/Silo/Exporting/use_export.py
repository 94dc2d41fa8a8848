"""Uses an exported softmax model as its file says, with nothing else known of it: prints the accuracy, normalised and not."""
import json
import struct
import sys

import numpy as np


def read(path):
    """Tensors and metadata of a .npz or .safetensors file."""
    if path.endswith(".npz"):
        file = np.load(path)
        return {name: file[name] for name in file.files if name != "metadata.json"}, json.loads(file["metadata.json"])
    data = open(path, "rb").read()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + length])
    metadata = header.pop("__metadata__")
    tensors = {}
    for name, tensor in header.items():
        begin, end = tensor["data_offsets"]
        tensors[name] = np.frombuffer(data[8 + length + begin : 8 + length + end], "<f4").reshape(tensor["shape"])
    return tensors, metadata


path, images, labels, shape = sys.argv[1:]
pixels = np.fromfile(images, np.uint8).reshape(json.loads(shape))
expected = np.fromfile(labels, np.uint8)
tensors, metadata = read(path)
mean, deviation = (np.array(json.loads(metadata[name])).reshape(1, -1, 1, 1) for name in ("mean", "deviation"))
for inputs in ((pixels / 255 - mean) / deviation, pixels / 255):
    scores = inputs.astype(np.float32).reshape(len(inputs), -1) @ tensors["fc.weight"].T + tensors["fc.bias"]
    print(np.mean(scores.argmax(1) == expected))
print(json.loads(metadata["classes"]))
