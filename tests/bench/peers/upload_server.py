"""The usual way: a server that takes a photo's file and does all the rest. FastAPI with uvicorn, Pillow and
ONNX Runtime, each as its documentation shows it.

    python upload_server.py PORT MODEL LABELS PAGES"""

import sys
from pathlib import Path

import numpy as np
import onnxruntime
import uvicorn
from fastapi import FastAPI, UploadFile
from fastapi.staticfiles import StaticFiles
from PIL import Image

port, model, labels, pages = sys.argv[1:]
names = Path(labels).read_text().splitlines()
# The defaults: threads for every core, all optimisations of the graph.
session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
# EfficientNet-Lite0's, as model_repo/efficientnet_lite0/config.pbtxt has them.
MEAN, STD = np.float32(127 / 255), np.float32(128 / 255)
app = FastAPI()


# A plain `def`: FastAPI runs it in a thread, so that the work holds up no other request.
@app.post("/classify")
def classify(photo: UploadFile):
    image = Image.open(photo.file).convert("RGB")
    scale = 256 / min(image.size)
    image = image.resize([int(round(scale * side)) for side in image.size], Image.Resampling.BILINEAR)
    left, top = image.width // 2 - 112, image.height // 2 - 112
    pixels = np.asarray(image.crop((left, top, left + 224, top + 224)), np.float32)
    tensor = ((pixels / 255 - MEAN) / STD).transpose(2, 0, 1)[np.newaxis]
    logits = session.run(None, {"input": np.ascontiguousarray(tensor)})[0][0].astype(np.float64)
    scores = np.exp(logits - logits.max())
    scores /= scores.sum()
    best = np.argsort(-scores)[:5]
    return [{"label": names[index], "score": float(scores[index])} for index in best]


app.mount("/", StaticFiles(directory=pages))
# One worker: the model's threads take every core already. No log line a request.
uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="warning")
