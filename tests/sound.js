// Sound as call systems record it: WAV, PCM of 16 bits, 8 kHz; a tone on each channel, silent in its second half.
export function wav(channels = 1, seconds = 1) {
  const frames = 8000 * seconds, bytes = Buffer.alloc(44 + frames * channels * 2);
  bytes.write('RIFF', 0); bytes.writeUInt32LE(bytes.length - 8, 4); bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16); bytes.writeUInt16LE(1, 20); bytes.writeUInt16LE(channels, 22);
  bytes.writeUInt32LE(8000, 24); bytes.writeUInt32LE(16000 * channels, 28);
  bytes.writeUInt16LE(2 * channels, 32); bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36); bytes.writeUInt32LE(frames * channels * 2, 40);
  for (let i = 0; i < frames * channels / 2; i += 1) bytes.writeInt16LE(Math.round(16384 * Math.sin(i / 3)), 44 + 2 * i);
  return bytes;
}

// The body of POST /recordings.
export function sound(fields, bytes, name = 'call.wav') {
  const body = new FormData();
  for (const [key, value] of Object.entries(fields)) body.set(key, String(value));
  if (bytes) body.set('file', new Blob([bytes]), name);
  return body;
}
