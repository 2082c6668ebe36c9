import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { maskedCrc32c } from './crc32c.js'

/** A training as the benchmark's file holds it, with the same accuracies half-way and at the end by default. */
export interface GivenTraining {
  readonly hash: string
  readonly epochs?: number
  readonly parameters?: number
  /** Training time, then the accuracies in training, validation and test. */
  readonly end: readonly [number, number, number, number]
  readonly halfWay?: readonly [number, number, number, number]
}

/** The bytes of a TFRecord file of trainings. */
export function benchmarkFile(trainings: readonly GivenTraining[]): Buffer {
  return Buffer.concat(trainings.map((training) => tfRecord(rowOf(training))))
}

export function tfRecord(text: string): Buffer {
  const data = Buffer.from(text)
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(data.length))
  return Buffer.concat([length, checksum(length), data, checksum(data)])
}

function checksum(bytes: Buffer): Buffer {
  const crc = Buffer.alloc(4)
  crc.writeUInt32LE(maskedCrc32c(bytes))
  return crc
}

function rowOf(training: GivenTraining): string {
  const { hash, epochs = 108, parameters = 1000, end, halfWay = end } = training
  const writer = new BinaryWriter()
  const times = [0, epochs / 2, epochs]
  for (const [i, values] of [[0, 0.1, 0.1, 0.1], halfWay, end].entries()) {
    writer.tag(1, WireType.LengthDelimited).fork()
    for (const [field, value] of [times[i], ...values].entries()) {
      writer.tag(field + 1, WireType.Bit64).double(value)
    }
    writer.tag(6, WireType.LengthDelimited).string('/checkpoints/model.ckpt')
    writer.join()
  }
  writer.tag(2, WireType.Varint).int32(parameters)
  writer.tag(3, WireType.Bit64).double(end[0] + 60)
  const metrics = Buffer.from(writer.finish()).toString('base64')
  return JSON.stringify([hash, epochs, '0100', 'input,output', metrics])
}
