"""The stand-in's ears and mouth: hears when somebody speaks, writes it down, and speaks; English only, on two cores, without a network.

    speech                     opens the room: `open_speech` gives `Speech(ears, mouth)` and takes the documents to learn from
    ├── ears                   voice activity in this process, recognition in a worker
    │   ├── listener, turns    24 kHz audio -> probability of speech -> started / stopped
    │   └── recogniser         utterances -> words, by `recogniser_worker`
    ├── documents_model        learns the documents' words in the background, by `model_worker`
    │   └── language_model, pronunciation, phrases
    └── mouth                  sentences -> audio, by `mouth_worker`
        ├── pieces, prosody     what is said at a time, and how it ends
        ├── voices, flite, espeak
        └── stretch, shaping    slower than an engine can; edges, rests and questions
    worker, child, frames      a child process behind a pipe: its owner's end, its own end, and what crosses
    wording, dates, numbers    text as it is read aloud

What is heavy, holds the interpreter's lock or is under the GPL (espeak-ng) is only ever loaded by the workers.
"""
