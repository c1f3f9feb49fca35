// Generated from data/models.toml and data/recommended.toml by `make generate`. Do not edit.

//! The table of models, their names, and what else the catalogue knows.

use crate::catalogue::ModelId;
use crate::catalogue::price::Modifiers;
use crate::catalogue::row::{Capabilities, ModelRow, MovedRow, NameRow, Source, UseRow, day};
use crate::date::Date;
use crate::packed::{Sorted, Table, whole};

/// The day of the snapshot.
pub const AS_OF: Date = day(2026, 11, 21);

/// What models can do, in the order of the bits of a set.
pub const CAPABILITIES: [&str; 20] = [
    "audio",
    "audio_speech",
    "audio_transcription",
    "audio_transcription_realtime",
    "batch",
    "classification",
    "completion_chat",
    "completion_fim",
    "document_qna",
    "embedding",
    "fine_tuning",
    "function_calling",
    "moderation",
    "ocr",
    "prediction",
    "prefix",
    "reasoning",
    "structured_outputs",
    "unified_resources",
    "vision",
];

/// How list prices change with the way of the call.
pub const MODIFIERS: Modifiers =
    Modifiers { cached_input: 100, cache_block_tokens: 64, batch: 500, priority: 1750, regional: 1100 };

/// Where facts come from, by key.
pub static SOURCES: [Source; 15] = [
    Source { key: "aisdk", title: "@ai-sdk/mistral 4.0.87, whose ids come from GET /v1/models", as_of: day(2026, 11, 13) },
    Source { key: "article", title: "unified.to article on Mistral API keys", as_of: day(2026, 5, 31) },
    Source {
        key: "card_glm53",
        title: "Mistral's model card and changelog for GLM 5.3, repository platform-docs-public",
        as_of: day(2026, 9, 28),
    },
    Source {
        key: "card_large4",
        title: "Mistral's model card and changelog for Large 4, repository platform-docs-public",
        as_of: day(2026, 10, 6),
    },
    Source { key: "cards", title: "Mistral's model cards, repository platform-docs-public", as_of: day(2026, 8, 21) },
    Source { key: "changelog", title: "Mistral's changelog, entries up to this day", as_of: day(2026, 10, 6) },
    Source { key: "deepseek_docs", title: "DeepSeek's API documentation", as_of: day(2026, 11, 21) },
    Source {
        key: "genai_prices",
        title: "genai-prices 0.2.3, which read Mistral's pricing page; secondary",
        as_of: day(2026, 10, 29),
    },
    Source { key: "guide", title: "Mistral's model selection guide", as_of: day(2026, 10, 17) },
    Source { key: "list_aug", title: "an answer of GET /v1/models", as_of: day(2026, 8, 15) },
    Source { key: "litellm", title: "LiteLLM 1.109.1, model prices; secondary", as_of: day(2026, 11, 13) },
    Source { key: "openapi", title: "Mistral's OpenAPI document", as_of: day(2026, 8, 13) },
    Source { key: "probe_oct6", title: "published probes of the API with a free-plan key", as_of: day(2026, 10, 6) },
    Source { key: "probe_oct7", title: "published probes of the API", as_of: day(2026, 10, 7) },
    Source { key: "reasoning_page", title: "Mistral's documentation page on reasoning", as_of: day(2026, 10, 31) },
];

/// Names that new code should not use; `*` stands for any ending.
pub static DEPRECATED_NAMES: [&str; 5] =
    ["mistral-large-latest", "mistral-large", "mistral-medium", "magistral-*", "devstral-small-*"];

/// Who recommends.
pub const RECOMMENDED_BY: &str = "unified.to article on Mistral API keys, updated May 2026";

/// When.
pub const RECOMMENDED_AS_OF: Date = day(2026, 5, 31);

/// What is recommended.
pub static USES: [UseRow; 7] = [
    UseRow { purpose: "default", model: "mistral-small-4", doc: "Most workloads.", note: None },
    UseRow { purpose: "agentic", model: "mistral-medium-3.5", doc: "Agents, where quality matters most.", note: None },
    UseRow {
        purpose: "multimodal",
        model: "mistral-medium-3.5",
        doc: "Text and images, where quality matters most.",
        note: None,
    },
    UseRow {
        purpose: "cheapest",
        model: "mistral-nemo-12b",
        doc: "High volume at low cost.",
        note: Some("by the prices of this catalogue `ministral-3b-2512` costs least among the live chat models"),
    },
    UseRow { purpose: "code", model: "codestral-2508", doc: "Code completion.", note: None },
    UseRow { purpose: "code_agent", model: "devstral-2-2512", doc: "Agents that write code.", note: None },
    UseRow { purpose: "embedding", model: "mistral-embed", doc: "Text embeddings.", note: None },
];

/// When floating names moved, by name and day.
pub static MOVED: [MovedRow; 5] = [
    MovedRow {
        name: "mistral-medium-latest",
        day: day(2026, 6, 16),
        from: Some("mistral-medium-2508"),
        to: "mistral-medium-3-5",
    },
    MovedRow { name: "mistral-ocr-latest", day: day(2025, 12, 18), from: None, to: "mistral-ocr-2512" },
    MovedRow { name: "mistral-ocr-latest", day: day(2026, 6, 23), from: Some("mistral-ocr-2512"), to: "mistral-ocr-4-0" },
    MovedRow { name: "mistral-ocr-latest", day: day(2026, 7, 16), from: Some("mistral-ocr-4-0"), to: "mistral-ocr-4-1" },
    MovedRow { name: "mistral-small-latest", day: day(2026, 3, 16), from: None, to: "mistral-small-2603" },
];

/// Every name that is no id, sorted.
pub static NAMES: Sorted<NameRow> = Sorted::new(include_str!("names.tsv"), NameRow::read);

/// Every model.
pub static MODELS: Table<ModelRow> = Table::new(include_str!("models.tsv"), whole!("models_told.tsv"), ModelRow::read);

impl ModelId {
    /// Codestral 25.08.
    pub const CODESTRAL_2508: ModelId = ModelId::known("codestral-2508");
    /// Codestral Embed 25.05.
    pub const CODESTRAL_EMBED_2505: ModelId = ModelId::known("codestral-embed-2505");
    /// DeepSeek V4.1 Flash 1017.
    pub const DEEPSEEK_V4_1_FLASH_1017: ModelId = ModelId::known("deepseek-v4-1-flash-1017");
    /// Ministral 3 14B 25.12.
    pub const MINISTRAL_14B_2512: ModelId = ModelId::known("ministral-14b-2512");
    /// Ministral 3 3B 25.12.
    pub const MINISTRAL_3B_2512: ModelId = ModelId::known("ministral-3b-2512");
    /// Ministral 3 8B 25.12.
    pub const MINISTRAL_8B_2512: ModelId = ModelId::known("ministral-8b-2512");
    /// Mistral Embed 23.12.
    pub const MISTRAL_EMBED_2312: ModelId = ModelId::known("mistral-embed-2312");
    /// Mistral Large 3 25.12.
    pub const MISTRAL_LARGE_2512: ModelId = ModelId::known("mistral-large-2512");
    /// Mistral Medium 3.5 26.04.
    pub const MISTRAL_MEDIUM_3_5: ModelId = ModelId::known("mistral-medium-3-5");
    /// Mistral Moderation 2 26.03.
    pub const MISTRAL_MODERATION_2603: ModelId = ModelId::known("mistral-moderation-2603");
    /// OCR 3 25.12.
    pub const MISTRAL_OCR_2512: ModelId = ModelId::known("mistral-ocr-2512");
    /// OCR 4.1.
    pub const MISTRAL_OCR_4_1: ModelId = ModelId::known("mistral-ocr-4-1");
    /// Mistral Small 4 26.03.
    pub const MISTRAL_SMALL_2603: ModelId = ModelId::known("mistral-small-2603");
    /// Voxtral Mini Transcribe 2 26.02.
    pub const VOXTRAL_MINI_2602: ModelId = ModelId::known("voxtral-mini-2602");
    /// Voxtral Mini Transcribe Realtime 26.02.
    pub const VOXTRAL_MINI_TRANSCRIBE_REALTIME_2602: ModelId = ModelId::known("voxtral-mini-transcribe-realtime-2602");
    /// Voxtral TTS 26.03.
    pub const VOXTRAL_MINI_TTS_2603: ModelId = ModelId::known("voxtral-mini-tts-2603");
    /// Voxtral Small 25.07.
    pub const VOXTRAL_SMALL_2507: ModelId = ModelId::known("voxtral-small-2507");
    /// Z.ai GLM 5.3.
    pub const ZAI_GLM_5_3: ModelId = ModelId::known("zai-glm-5-3");
    /// Z.ai GLM 5.3 Flash.
    pub const ZAI_GLM_5_3_FLASH: ModelId = ModelId::known("zai-glm-5-3-flash");
    /// Mistral Large 4.
    pub const MISTRAL_LARGE_4: ModelId = ModelId::known("mistral-large-4");
    /// Voxtral Mini Transcribe 3.
    pub const VOXTRAL_MINI_TRANSCRIBE_3_0: ModelId = ModelId::known("voxtral-mini-transcribe-3-0");
    /// Voxtral Mini Transcribe Realtime 3.
    pub const VOXTRAL_MINI_TRANSCRIBE_REALTIME_3_0: ModelId = ModelId::known("voxtral-mini-transcribe-realtime-3-0");
    /// Voxtral Mini TTS 3.
    pub const VOXTRAL_MINI_TTS_3_0: ModelId = ModelId::known("voxtral-mini-tts-3-0");
    /// Voxtral Small Transcribe 3.
    pub const VOXTRAL_SMALL_TRANSCRIBE_3_0: ModelId = ModelId::known("voxtral-small-transcribe-3-0");
    /// DeepSeek V4 Flash.
    pub const DEEPSEEK_V4_FLASH: ModelId = ModelId::known("deepseek-v4-flash");
    /// DeepSeek V4 Pro.
    pub const DEEPSEEK_V4_PRO: ModelId = ModelId::known("deepseek-v4-pro");
}

impl Capabilities {
    /// `audio`.
    pub const AUDIO: Capabilities = Capabilities::bit(0);
    /// `audio_speech`.
    pub const AUDIO_SPEECH: Capabilities = Capabilities::bit(1);
    /// `audio_transcription`.
    pub const AUDIO_TRANSCRIPTION: Capabilities = Capabilities::bit(2);
    /// `audio_transcription_realtime`.
    pub const AUDIO_TRANSCRIPTION_REALTIME: Capabilities = Capabilities::bit(3);
    /// `batch`.
    pub const BATCH: Capabilities = Capabilities::bit(4);
    /// `classification`.
    pub const CLASSIFICATION: Capabilities = Capabilities::bit(5);
    /// `completion_chat`.
    pub const COMPLETION_CHAT: Capabilities = Capabilities::bit(6);
    /// `completion_fim`.
    pub const COMPLETION_FIM: Capabilities = Capabilities::bit(7);
    /// `document_qna`.
    pub const DOCUMENT_QNA: Capabilities = Capabilities::bit(8);
    /// `embedding`.
    pub const EMBEDDING: Capabilities = Capabilities::bit(9);
    /// `fine_tuning`.
    pub const FINE_TUNING: Capabilities = Capabilities::bit(10);
    /// `function_calling`.
    pub const FUNCTION_CALLING: Capabilities = Capabilities::bit(11);
    /// `moderation`.
    pub const MODERATION: Capabilities = Capabilities::bit(12);
    /// `ocr`.
    pub const OCR: Capabilities = Capabilities::bit(13);
    /// `prediction`.
    pub const PREDICTION: Capabilities = Capabilities::bit(14);
    /// `prefix`.
    pub const PREFIX: Capabilities = Capabilities::bit(15);
    /// `reasoning`.
    pub const REASONING: Capabilities = Capabilities::bit(16);
    /// `structured_outputs`.
    pub const STRUCTURED_OUTPUTS: Capabilities = Capabilities::bit(17);
    /// `unified_resources`.
    pub const UNIFIED_RESOURCES: Capabilities = Capabilities::bit(18);
    /// `vision`.
    pub const VISION: Capabilities = Capabilities::bit(19);
}
