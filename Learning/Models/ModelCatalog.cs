namespace Basgd.Learning.Models;

/// <summary>The models that are built in. To add one: write its module beside the others and name it here.</summary>
public static class ModelCatalog
{
    public static Model Softmax { get; } = new("softmax", "multinomial logistic regression, convex", (shape, classes) => new Softmax(shape, classes));

    public static Model LeNet5 { get; } = new("lenet5", "LeNet-5, 2 convolutions and 3 linear layers; images of 28x28 or 32x32", (shape, classes) => new LeNet5(shape, classes));

    public static Model ResNet20 { get; } = new("resnet20", "ResNet-20 for small images, batch normalisation, 1x1 shortcuts", (shape, classes) => new ResNet20(shape, classes));

    public static LanguageModel Lstm { get; } = new("lstm", "2-layer LSTM of 100 units over words; texts", words => new Lstm(words));

    /// <summary>For sets of labelled images.</summary>
    public static IReadOnlyList<Model> Classifiers { get; } = [LeNet5, ResNet20, Softmax];

    /// <summary>For texts.</summary>
    public static IReadOnlyList<LanguageModel> LanguageModels { get; } = [Lstm];
}
