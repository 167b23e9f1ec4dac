/**
 * The words that the server and the page exchange over `WS /v1/realtime?askaloud=1`: the GA Realtime protocol's, as far as the page
 * understands them, and our own `askaloud.*`. Types only; nothing here is loaded by a browser.
 */

export interface Source {
  number: number;
  id: string;
  title: string;
  /** Counts from 1; null where the format has no pages. */
  page: number | null;
  excerpt: string;
  /** Opens the passage as JSON: a path of our own, an https address, or nothing. Never trusted before `safeAddress`. */
  url: string | null;
  /** The page as a picture. Same rule. */
  picture: string | null;
  score: number;
}

export interface Doors {
  realtime: string;
  search: string;
}

export interface ContentPart {
  type: string;
  text?: string;
  transcript?: string | null;
}

export interface Item {
  id: string;
  type: string;
  role?: string;
  status?: string;
  content?: ContentPart[];
}

export interface Response {
  id: string;
  status?: string;
  output?: Item[];
}

/** How the server finds the end of a turn, as the protocol has it. */
export interface Detection {
  type: string;
  [field: string]: unknown;
}

export interface Session {
  audio?: { input?: { turn_detection?: Detection | null }; output?: { voice?: string } };
}

export interface Tokens {
  [kind: string]: unknown;
}

type Named<T extends string> = { type: T; event_id?: string };
type ItemWord = { item: Item; previous_item_id?: string | null };
type Delta = { response_id: string; item_id: string; delta: string };

export type ServerEvent =
  | (Named<"session.created" | "session.updated"> & { session?: Session })
  | (Named<"askaloud.paused" | "askaloud.resumed"> & { item_id: string })
  | Named<"askaloud.heartbeat" | "input_audio_buffer.cleared" | "conversation.item.truncated">
  | (Named<"askaloud.conversation"> & {
      conversation_id: string;
      resume_token?: string | null;
      resumed?: boolean;
      grace_ms?: number;
      tone_after_ms?: number;
      version?: string;
      voices?: string[];
      doors?: Doors;
    })
  | (Named<"askaloud.searching"> & { call_id: string; query: string | null })
  | (Named<"askaloud.sources"> & { call_id: string; response_id: string | null; user_item_id: string | null; sources: Source[] })
  | (Named<"askaloud.cited"> & { response_id: string | null; item_id: string | null; source_ids: string[] })
  | (Named<"askaloud.notice"> & { code: string; message: string; detail?: string; recoverable: boolean; retry_after_ms: number | null })
  | (Named<"askaloud.usage"> & { turn?: Tokens; conversation?: Tokens })
  | (Named<"input_audio_buffer.speech_started" | "input_audio_buffer.speech_stopped"> & { item_id: string })
  | (Named<"input_audio_buffer.committed"> & { item_id: string; previous_item_id?: string | null })
  | (Named<"conversation.item.added" | "conversation.item.created" | "conversation.item.done"> & ItemWord)
  | (Named<"conversation.item.deleted"> & { item_id: string })
  | (Named<"conversation.item.input_audio_transcription.delta"> & { item_id: string; delta: string })
  | (Named<"conversation.item.input_audio_transcription.completed"> & { item_id: string; transcript: string })
  | (Named<"conversation.item.input_audio_transcription.failed"> & { item_id: string })
  | (Named<"response.created" | "response.done"> & { response: Response })
  | (Named<"response.output_item.added" | "response.output_item.done"> & { response_id: string; item: Item })
  | (Named<"response.output_audio.delta" | "response.output_audio_transcript.delta" | "response.output_text.delta"> & Delta)
  | (Named<"response.output_audio.done"> & { response_id: string; item_id: string })
  | (Named<"response.output_audio_transcript.done"> & { response_id: string; item_id: string; transcript: string })
  | (Named<"response.output_text.done"> & { response_id: string; item_id: string; text: string })
  | (Named<"error"> & { error: { code?: string | null; message?: string } });

/** What happens in the page itself, told to the reducer in the same way as what the server says. */
export type PageEvent =
  | { type: "page.connecting"; fresh: boolean }
  | { type: "page.closed"; code: number; reason: string; opened: boolean; lost: boolean; stayedAway?: boolean }
  | { type: "page.away" }
  | { type: "page.microphone"; state: "off" | "asking" | "on" }
  | { type: "page.typed"; id: string; text: string }
  | { type: "page.chosen"; push: boolean; reading: boolean }
  | { type: "page.pressed" }
  | { type: "page.released"; taken: boolean }
  | { type: "page.stopped" }
  | { type: "page.speaking"; item_id: string }
  | { type: "page.silent" }
  | { type: "page.notice"; code: string }
  | { type: "page.dismissed"; code: string };

export type ClientEvent = { type: string; [field: string]: unknown };
