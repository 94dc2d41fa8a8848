namespace Basgd.Contracts;

/// <summary>
/// Why a buffer refused a submission, in the order in which it checks, with two exceptions: Quarantined comes before Duplicate, and
/// TooMany before NotFinite. NotDelivered and Busy are only for gradients that are offered. A refusal changes nothing and is counted.
/// </summary>
[GenerateSerializer, Alias("basgd.refusal")]
public enum Refusal
{
    /// <summary>The job is paused, ended, or not opened yet.</summary>
    Closed,

    /// <summary>The gradient's length is not the job's d.</summary>
    WrongSize,

    /// <summary>The worker does not exist or is not mapped to this buffer in this mapping epoch: ask for the routing again.</summary>
    WrongBuffer,

    /// <summary>The sequence number was seen: the contribution is in already, or came too late.</summary>
    Duplicate,

    /// <summary>The model version was never handed out.</summary>
    ImplausibleVersion,

    /// <summary>The gradient was taken at a model that is too old.</summary>
    TooStale,

    /// <summary>The gradient holds NaN or an infinity.</summary>
    NotFinite,

    /// <summary>An offered gradient could not be fetched: its sender is gone, or did not send what it offered. The offer may be repeated.</summary>
    NotDelivered,

    /// <summary>Another gradient of the worker is on its way, or too many of the job are: offer it again in a while.</summary>
    Busy,

    /// <summary>The worker is in quarantine: nothing of it is taken until an operator lifts that.</summary>
    Quarantined,

    /// <summary>The worker has given as many contributions as it may in a round: it waits for the next round, and then sends again.</summary>
    TooMany,
}
