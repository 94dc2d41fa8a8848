namespace Basgd.Grains;

/// <summary>Which device the next gradient is computed on: the one with the fewest at work, of these the first. So lanes are spread evenly.</summary>
public sealed class DeviceShares(IReadOnlyList<string> devices)
{
    private readonly Lock gate = new();
    private readonly int[] busy = new int[devices.Count];

    /// <summary>Takes a place on a device. Give it back with <see cref="Leave"/>.</summary>
    public string Enter()
    {
        lock (gate)
        {
            var least = Array.IndexOf(busy, busy.Min());
            busy[least]++;
            return devices[least];
        }
    }

    /// <summary>Gives a place back.</summary>
    public void Leave(string device)
    {
        lock (gate)
        {
            busy[devices.ToList().IndexOf(device)]--;
        }
    }
}
