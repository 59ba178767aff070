#!/bin/sh
# Makes the demo model and its files in one clean run. Usage: sh run.sh [WORK_FOLDER]
# Needs Debian 12 (PyTorch 1.13 from Debian's archive), 2 CPU cores, 4 GB of memory and some 20 to 40 minutes.
set -e
here=$(cd "$(dirname "$0")" && pwd)
work=${1:-$(mktemp -d)}
export PYTHONDONTWRITEBYTECODE=1
python=/usr/bin/python3
if ! $python -c "import torch, sentencepiece, numpy" 2>/dev/null || [ ! -d /usr/lib/*/openblas-pthread ]; then
  apt-get install -y python3-torch python3-sentencepiece python3-numpy libopenblas0-pthread ||
    { echo "Please install python3-torch, python3-sentencepiece, python3-numpy and libopenblas0-pthread, then run this again."; exit 1; }
fi
date
$python "$here/prompts.py" "$here/.."
$python "$here/train.py" "$work"
$python "$here/export.py" "$work" "$here/../demo.gguf"
date
$python "$here/measure.py" "$work" "$here/.." | tee "$work/measured.txt"
date
