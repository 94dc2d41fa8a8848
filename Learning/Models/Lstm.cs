using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Basgd.Learning.Models;

/// <summary>
/// The paper's language model: an embedding of 100, two LSTM layers of 100 units, and a linear layer over the vocabulary that
/// shares no weights with the embedding; no dropout, which would draw at random. For V words d = 201·V + 161,600. The state
/// is zero at the start of each window.
/// </summary>
internal sealed class Lstm : nn.Module<Tensor, Tensor>
{
    private const int Units = 100;
    private const int Layers = 2;

    private readonly Embedding encoder;
    private readonly LSTM rnn;
    private readonly Linear decoder;

    public Lstm(int words) : base(nameof(Lstm))
    {
        encoder = nn.Embedding(words, Units);
        rnn = nn.LSTM(Units, Units, Layers, batchFirst: true);
        decoder = nn.Linear(Units, words);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => decoder.call(rnn.call(encoder.call(input)).Item1);
}
