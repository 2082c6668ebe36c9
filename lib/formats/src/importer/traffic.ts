/**
 * Operators of TensorFlow, TensorFlow Lite and ONNX that multiply no matrices, by their names in lower case
 * without underscores and versions. Where LETI has no operator for one, it counts as memory traffic.
 */
const NAMES: ReadonlySet<string> = new Set(
  `abs acos acosh add addn affinegrid all and any argmax argmin asin asinh assignvariable atan atan2 atanh
  averagepool avgpool averagepool2d avgpool3d batchnormalization batchtospace batchtospacend bernoulli
  biasadd bincount binarizer bitcast bitshift bitwiseand bitwisenot bitwiseor bitwisexor blackmanwindow
  broadcastargs broadcastto bucketize cast castlike ceil celu centercroppad clip clipbyvalue col2im complexabs compress
  concat concatenation concatfromsequence constantofshape cos cosh cropandresize cumprod cumsum
  densify depthtospace dequantize dequantizelinear det dilate div divnonan dropout dynamicquantizelinear
  dynamicupdateslice elu embeddinglookup embedlayernormalization equal erf erfc euclideannorm exp expanddims expand expm1
  eyelike fakequant fakequantwithminmaxargs fakequantwithminmaxvars fill flatten floor floordiv floormod
  fusedbatchnorm gather gatherelements gathernd gelu gelunew globalaveragepool globallppool globalmaxpool
  greater greaterequal greaterorequal gridsample groupnormalization hammingwindow hannwindow hardmax
  hardsigmoid hardswish hashtable hashtablefind hashtablelookup hashtablesize identity imag
  instancenormalization inv invert isfinite isinf isnan l2normalization l2pool2d layernormalization
  leakyrelu less lessequal lessorequal linspace localresponsenormalization log log1p logicaland
  logicalnot logicalor logicalxor logistic logsoftmax lowerbound lppool lpnormalization lrn matrixband
  matrixbandpart matrixdiag matrixsetdiag max maximum maxpool maxpool2d maxpool3d maxpoolwithargmax
  maxroipool maxunpool mean meanvariancenormalization min minimum mirrorpad mish mod mul multinomial
  mulnonan neg negativeloglikelihoodloss nonmaxsuppression nonzero norm normalization not notequal onehot oneslike optional or
  pack pad pow prelu prod quantize quantizelinear randomnormal randomnormallike
  randomstandardnormal randomuniform randomuniformint randomuniformlike range rank readvariable real
  realdiv reciprocal reduceall reduceany reducel1 reducel2 reducelogsum reducelogsumexp reducemax
  reducemean reducemin reduceprod reducesum reducesumsquare relu relu0to1 relu6 relun1to1 reshape
  resize resizebilinear resizenearestneighbor reverse reversesequence reversev rightshift
  rmsnormalization roialign rotaryembedding round rsqrt scatter scatterelements scatternd
  searchsorted segmentsum select selu sequenceat shape shrink sigmoid sign simplifiedlayernormalization
  sin sinh size skiplayernormalization skipsimplifiedlayernormalization slice softmax softmaxcrossentropyloss softplus
  softsign spacetobatch spacetobatchnd spacetodepth sparsetodense split splitv splittosequence sqrt
  square squareddifference squeeze stridedslice sub sum swish tan tanh tensorscattersupdate tensorscatterupdate
  thresholdedrelu tile topk transpose trilu unique unpack unsortedsegmentmax unsortedsegmentmin
  unsortedsegmentprod unsortedsegmentsum unsqueeze upperbound upsample varhandle where xdivy xlogy xor
  zeroslike`.split(/\s+/),
)

/** Whether an operator of a file, by its name there, multiplies no matrices. */
export function isTraffic(operator: string): boolean {
  const name = operator
    .replace(/^com\.microsoft\./, '')
    .toLowerCase()
    .replaceAll('_', '')
  return NAMES.has(name) || NAMES.has(name.replace(/v\d+$/, ''))
}
