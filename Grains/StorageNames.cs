namespace Basgd.Grains;

/// <summary>The one grain storage that all of a cluster's grains use.</summary>
public static class StorageNames
{
    public const string Grains = "basgd";
}

/// <summary>Tells users where a grain's state lies. Storage that has no name for it a user could use registers none.</summary>
public interface ICheckpointLocator
{
    string Locate(string stateName, GrainId grain);
}
